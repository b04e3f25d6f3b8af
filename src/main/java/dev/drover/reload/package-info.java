/** Takes changed route files while they run: looks for them, has them checked, and exchanges the routes that changed. */
@NullMarked
package dev.drover.reload;

import org.jspecify.annotations.NullMarked;

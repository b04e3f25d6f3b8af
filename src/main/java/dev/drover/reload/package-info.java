/** Reloads changed route files at runtime: finds them, checks them, and replaces the changed routes. */
@NullMarked
package dev.drover.reload;

import org.jspecify.annotations.NullMarked;

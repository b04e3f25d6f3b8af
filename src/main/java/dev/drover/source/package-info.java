/** What a pipeline reads from, and whether it is still the source to which the checkpoint belongs. */
@NullMarked
package dev.drover.source;

import org.jspecify.annotations.NullMarked;

/** Writes the records of a batch as the body of one request, in the format of the marshal step. */
@NullMarked
package dev.drover.format;

import org.jspecify.annotations.NullMarked;

/** Writes the records of a batch as the body of one request, in the format that the route's marshal step names. */
@NullMarked
package dev.drover.format;

import org.jspecify.annotations.NullMarked;

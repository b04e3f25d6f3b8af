/** Reads the result of each record of a batch from the answer of the service. */
@NullMarked
package dev.drover.outcome;

import org.jspecify.annotations.NullMarked;

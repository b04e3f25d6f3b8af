/** Reads from an answer what became of each record of a batch, by the contract of the service that gave it. */
@NullMarked
package dev.drover.outcome;

import org.jspecify.annotations.NullMarked;

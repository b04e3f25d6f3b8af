/** Delivers a batch to its destination: reads the answer, delays the next attempt, halves what was refused. */
@NullMarked
package dev.drover.delivery;

import org.jspecify.annotations.NullMarked;

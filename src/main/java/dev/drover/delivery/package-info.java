/** Delivers a batch to its destination: the gate and the limits of each attempt, what the answer settles, the parts and the rest of what it does not. */
@NullMarked
package dev.drover.delivery;

import org.jspecify.annotations.NullMarked;

/** Compares what the source has with what was read, trusting none of the code that read it. */
@NullMarked
package dev.drover.audit;

import org.jspecify.annotations.NullMarked;

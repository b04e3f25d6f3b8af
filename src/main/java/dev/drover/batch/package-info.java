/** Collects records into batches and divides them: pure, no I/O. */
@NullMarked
package dev.drover.batch;

import org.jspecify.annotations.NullMarked;

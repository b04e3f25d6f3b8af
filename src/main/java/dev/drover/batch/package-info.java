/** Collects records into batches and cuts batches into halves: pure, no I/O. */
@NullMarked
package dev.drover.batch;

import org.jspecify.annotations.NullMarked;

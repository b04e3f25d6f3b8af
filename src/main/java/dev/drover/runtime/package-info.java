/** Starts and ends a process: a run, a backfill, a replay. */
@NullMarked
package dev.drover.runtime;

import org.jspecify.annotations.NullMarked;

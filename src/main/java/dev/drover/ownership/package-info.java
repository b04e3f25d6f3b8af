/** Gives one process at a time the right to run a pipeline: file lock, lease, epoch, standby. */
@NullMarked
package dev.drover.ownership;

import org.jspecify.annotations.NullMarked;

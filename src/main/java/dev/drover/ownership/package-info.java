/** Who may run a pipeline: file lock, lease, epoch, standby. */
@NullMarked
package dev.drover.ownership;

import org.jspecify.annotations.NullMarked;

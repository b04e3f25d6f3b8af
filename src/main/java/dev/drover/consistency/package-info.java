/** Decides how far a pipeline may read so that no row that is committed late is missed, and proves it. */
@NullMarked
package dev.drover.consistency;

import org.jspecify.annotations.NullMarked;

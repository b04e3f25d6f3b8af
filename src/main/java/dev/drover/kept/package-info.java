/** Keeps batches as they were sent, so that after a crash they are sent again under the same key with the same bytes. */
@NullMarked
package dev.drover.kept;

import org.jspecify.annotations.NullMarked;

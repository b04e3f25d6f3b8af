/** Stores batches as sent, to send them again after a crash with the same key and the same bytes. */
@NullMarked
package dev.drover.kept;

import org.jspecify.annotations.NullMarked;

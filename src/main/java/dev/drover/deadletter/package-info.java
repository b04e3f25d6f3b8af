/** Sets refused records aside in the store, durably, before the checkpoint passes them. */
@NullMarked
package dev.drover.deadletter;

import org.jspecify.annotations.NullMarked;

/** Sets refused records aside in the store before the checkpoint passes them, and sends them again. */
@NullMarked
package dev.drover.deadletter;

import org.jspecify.annotations.NullMarked;

/** Keeps in memory which pages are open and what still holds them, and says how far the checkpoint may move. */
@NullMarked
package dev.drover.ledger;

import org.jspecify.annotations.NullMarked;

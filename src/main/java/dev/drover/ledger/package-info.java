/** Tracks in memory which pages are open and what holds them, and decides how far the checkpoint may move. */
@NullMarked
package dev.drover.ledger;

import org.jspecify.annotations.NullMarked;

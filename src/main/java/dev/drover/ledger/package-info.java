/** Knows which pages are open, what still holds them, and moves the checkpoint over what is settled. */
@NullMarked
package dev.drover.ledger;

import org.jspecify.annotations.NullMarked;

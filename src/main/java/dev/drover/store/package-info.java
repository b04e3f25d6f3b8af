/** The tables of the store: checkpoints, leases, status and dead letters. */
@NullMarked
package dev.drover.store;

import org.jspecify.annotations.NullMarked;

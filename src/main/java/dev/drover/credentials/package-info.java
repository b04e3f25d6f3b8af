/**
 * What a destination knows us by: it is put on each attempt below the exchange, comes from the environment or a mounted
 * file, and is covered where an answer repeats it.
 */
@NullMarked
package dev.drover.credentials;

import org.jspecify.annotations.NullMarked;

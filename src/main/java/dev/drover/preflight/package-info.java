/** Checks what the user wrote before anything runs. */
@NullMarked
package dev.drover.preflight;

import org.jspecify.annotations.NullMarked;

/** Drover's command line, and nothing else. */
@NullMarked
package dev.drover;

import org.jspecify.annotations.NullMarked;

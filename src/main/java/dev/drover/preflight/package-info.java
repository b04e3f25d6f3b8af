/** Looks at what a run needs besides its files: ports, databases, keys and checkpoints. */
@NullMarked
package dev.drover.preflight;

import org.jspecify.annotations.NullMarked;

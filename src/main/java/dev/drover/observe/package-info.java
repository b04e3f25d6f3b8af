/** Names what is counted and tells how a pipeline stands. */
@NullMarked
package dev.drover.observe;

import org.jspecify.annotations.NullMarked;

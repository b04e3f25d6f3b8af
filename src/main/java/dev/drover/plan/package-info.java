/** Shows the requests that the pipelines would send next, without sending them. */
@NullMarked
package dev.drover.plan;

import org.jspecify.annotations.NullMarked;

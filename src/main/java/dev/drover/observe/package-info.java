/** Metrics, health, status, traces and the summary of a run. */
@NullMarked
package dev.drover.observe;

import org.jspecify.annotations.NullMarked;

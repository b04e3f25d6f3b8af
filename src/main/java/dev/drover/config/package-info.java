/** The validated options of a pipeline. */
@NullMarked
package dev.drover.config;

import org.jspecify.annotations.NullMarked;

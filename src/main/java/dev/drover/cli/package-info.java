/** The commands of the command line, each with its options and its exit code. */
@NullMarked
package dev.drover.cli;

import org.jspecify.annotations.NullMarked;

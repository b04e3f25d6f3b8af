/** Finds what is wrong with a folder of routes before anything runs. */
@NullMarked
package dev.drover.lint;

import org.jspecify.annotations.NullMarked;

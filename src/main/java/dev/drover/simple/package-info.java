/** The simple language of Camel with exact comparisons for every type of number. */
@NullMarked
package dev.drover.simple;

import org.jspecify.annotations.NullMarked;

/** The simple language of Camel with comparisons that are right for every type of number. */
@NullMarked
package dev.drover.simple;

import org.jspecify.annotations.NullMarked;

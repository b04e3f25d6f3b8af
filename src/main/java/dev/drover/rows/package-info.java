/** Reads the rows of a page as records with exact values, and proves the order of their keys. */
@NullMarked
package dev.drover.rows;

import org.jspecify.annotations.NullMarked;

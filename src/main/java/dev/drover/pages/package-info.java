/** Reads pages after a cursor and routes one exchange for each: the pages component, the table form, light records. */
@NullMarked
package dev.drover.pages;

import org.jspecify.annotations.NullMarked;

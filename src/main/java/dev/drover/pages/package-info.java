/** The Camel component that reads page after page and owns a pipeline while its route runs. */
@NullMarked
package dev.drover.pages;

import org.jspecify.annotations.NullMarked;

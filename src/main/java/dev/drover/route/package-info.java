/** Reads the steps of a route from its Camel model, and finds mistakes that would lose a record. */
@NullMarked
package dev.drover.route;

import org.jspecify.annotations.NullMarked;

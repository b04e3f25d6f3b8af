/** Reads the shape of a route from its Camel model, and finds what would lose a record there. */
@NullMarked
package dev.drover.route;

import org.jspecify.annotations.NullMarked;

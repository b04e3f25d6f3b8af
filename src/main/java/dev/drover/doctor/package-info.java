/** Looks at sources, store and destinations, and changes none of them. */
@NullMarked
package dev.drover.doctor;

import org.jspecify.annotations.NullMarked;

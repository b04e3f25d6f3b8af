/** The jq language for Camel's expressions, exact for every number of a row. */
@NullMarked
package dev.drover.jq;

import org.jspecify.annotations.NullMarked;

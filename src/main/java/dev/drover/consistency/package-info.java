/** The premises of each consistency mode's proof, and how the catalog of a database shows that they hold. */
@NullMarked
package dev.drover.consistency;

import org.jspecify.annotations.NullMarked;

/** Keeps a record that does not fit the schema of its destination from being sent. */
@NullMarked
package dev.drover.contract;

import org.jspecify.annotations.NullMarked;

/** The pools of connections, and the embedded H2 database with its password. */
@NullMarked
package dev.drover.database;

import org.jspecify.annotations.NullMarked;

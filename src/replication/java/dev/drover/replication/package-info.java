/** Reads the changes of a table from a replication slot of PostgreSQL, through Debezium's embedded engine. */
@NullMarked
package dev.drover.replication;

import org.jspecify.annotations.NullMarked;

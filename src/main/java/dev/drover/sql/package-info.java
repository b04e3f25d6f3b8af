/** The SQL of a page: dialects, names, the catalog, keyset queries, key types, and the parsed SQL of a read step. */
@NullMarked
package dev.drover.sql;

import org.jspecify.annotations.NullMarked;

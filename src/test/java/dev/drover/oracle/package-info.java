/**
 * The oracle of the reading code, which trusts none of it: schemas, routes and writers made from a seed are run against
 * the three databases, and every run must end with everything delivered, with a refusal, or with a halt before a loss.
 * {@link dev.drover.oracle.Scenario} makes a run from its seed, {@link dev.drover.oracle.Run} lets it happen, and
 * {@link dev.drover.oracle.Judge} compares the rows of the database with what an HTTP server has received.
 */
@NullMarked
package dev.drover.oracle;

import org.jspecify.annotations.NullMarked;

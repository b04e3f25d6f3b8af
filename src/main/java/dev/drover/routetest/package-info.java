/** Runs routes against an in-memory database and a small service, and compares what arrives with what a file expects. */
@NullMarked
package dev.drover.routetest;

import org.jspecify.annotations.NullMarked;

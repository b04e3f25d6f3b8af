package dev.drover.bench;

import java.util.List;

/**
 * Contenders that do the same work in turn.
 *
 * @param name the marker of its table on the page
 * @param full what is read
 * @param empty the same table without rows: what a process costs that has nothing to do
 * @param latency how long the receiver takes for each answer, in milliseconds
 * @param javaOptions options of the JVM for each contender in Java
 * @param parallelism how many batches are on their way at the same time
 */
record Series(
        String name,
        Source full,
        Source empty,
        long rows,
        int latency,
        List<String> javaOptions,
        int parallelism,
        int rounds,
        List<Contender> contenders) {}

package dev.drover.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What is to be done in one run: all rows of the source to the destination.
 *
 * @param parallelism how many batches may be on their way at the same time
 * @param javaOptions options of the JVM, where there is one
 * @param folder an empty one, for this run only
 */
record Task(Source source, String destination, int parallelism, List<String> javaOptions, Path folder) {}

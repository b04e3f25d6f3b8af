/** Kafka between reading and delivering: publishes batches to a topic, and settles what a consumer group has delivered of it. */
@NullMarked
package dev.drover.kafka;

import org.jspecify.annotations.NullMarked;

/** Kafka between reading and delivering: publishes batches to a topic, and commits what a consumer group has delivered. */
@NullMarked
package dev.drover.kafka;

import org.jspecify.annotations.NullMarked;

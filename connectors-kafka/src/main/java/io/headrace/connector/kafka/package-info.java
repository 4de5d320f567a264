/**
 * Reads topics of Kafka into CSV files, and writes the changes of tables to topics.
 *
 * <p>Start at {@link io.headrace.connector.kafka.KafkaConnector}. A position is the offset behind
 * the last message of a partition; its part says at which offset the partition begins for this
 * source, so that the same positions are the same messages. No message stops the stream: what
 * cannot be converted exactly is kept as it is, with the reason. Only what cannot be told of a
 * message now, because a schema registry is away, is an error. What is written for a version is one
 * transaction, with the note that says which version it was.
 */
@NullMarked
package io.headrace.connector.kafka;

import org.jspecify.annotations.NullMarked;

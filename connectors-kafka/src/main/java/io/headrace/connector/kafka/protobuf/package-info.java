/**
 * Protocol Buffers: schemas as their text, and messages of anybody that are read with them.
 *
 * <p>Start at {@link ProtoSchema}. May use {@code core}, and nothing of Kafka.
 */
@NullMarked
package io.headrace.connector.kafka.protobuf;

import org.jspecify.annotations.NullMarked;

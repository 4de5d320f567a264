/**
 * A Kafka broker of one node, in a process of its own, for one machine.
 *
 * <p>Start at {@link io.headrace.broker.BrokerProcess}, which needs none of Kafka's classes; {@link
 * io.headrace.broker.BrokerMain} is what runs in the process. Knows nothing of the rest.
 */
@NullMarked
package io.headrace.broker;

import org.jspecify.annotations.NullMarked;

/**
 * What answers over HTTP. Listens on the loopback interface only.
 *
 * <p>Start at {@link io.headrace.server.WebhookServer}; {@link io.headrace.server.TopicEndpoint} is
 * one route, which any server may have. May use {@code connector} and {@code error} of the core,
 * and Javalin.
 */
@NullMarked
package io.headrace.server;

import org.jspecify.annotations.NullMarked;

/**
 * Takes events over HTTP for the topics that tables read.
 *
 * <p>Start at {@link io.headrace.server.topic.TopicEndpoint}, which is one route of any server. May
 * use the core, what is known of projects, what writes JSON, and Javalin.
 */
@NullMarked
package io.headrace.server.topic;

import org.jspecify.annotations.NullMarked;

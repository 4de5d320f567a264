/**
 * What can be asked for over HTTP, as data, with what it needs of who asks, the projects that paths
 * name, and which status tells of which error.
 *
 * <p>The API, the pages, the Iceberg catalog and the metrics are lists of {@link
 * io.headrace.server.route.Route}, so that descriptions and tests are made of the same lists. May
 * use {@code server.runs} and the core, and knows nobody who answers.
 */
@NullMarked
package io.headrace.server.route;

import org.jspecify.annotations.NullMarked;

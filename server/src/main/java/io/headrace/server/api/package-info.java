/**
 * The REST API: what the command line can do, as resources.
 *
 * <p>Start at {@link io.headrace.server.api.Api}. Its routes are data, so that their description
 * and their tests are made of the same list. May use {@code server.route}, {@code server.access}
 * for who asks and what he sees, {@code server.runs}, {@code server.command}, {@code server.json}
 * and the core. Knows no page.
 */
@NullMarked
package io.headrace.server.api;

import org.jspecify.annotations.NullMarked;

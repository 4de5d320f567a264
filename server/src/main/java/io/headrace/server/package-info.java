/**
 * What answers over HTTP: on the loopback interface, or, where it is said who may do what, on any.
 *
 * <p>Start at {@link io.headrace.server.HeadraceServer}, which serves projects, and {@link
 * io.headrace.server.WebhookServer}, which takes events. May use the core and Javalin, and no
 * implementation of the core's interfaces.
 */
@NullMarked
package io.headrace.server;

import org.jspecify.annotations.NullMarked;

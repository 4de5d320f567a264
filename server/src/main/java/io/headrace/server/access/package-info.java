/**
 * Who asks, and what he may do and see.
 *
 * <p>Start at {@link io.headrace.server.access.Gate}, which every request passes, and {@link
 * io.headrace.server.access.Sight}, which is what somebody sees of a project. May use {@code
 * access} and other packages of the core, {@code server.json}, {@code server.route} and {@code
 * server.runs}. Knows no handler, and nothing that answers. The libraries for passwords and OpenID
 * stay in here.
 */
@NullMarked
package io.headrace.server.access;

import org.jspecify.annotations.NullMarked;

/**
 * Tells people outside that something does not work, and that it does again.
 *
 * <p>Start at {@link io.headrace.server.alert.Alerts}. What is known is in the catalog: ticks, runs
 * and versions say what is wrong, and leases who was told when. May use {@code server.runs}, {@code
 * server.schedule}, {@code server.json}, {@code server.text}, of {@code server.access} what a
 * {@link io.headrace.server.access.Doorway} knows of this machine's own names, and the core. The
 * libraries for mail stay in here.
 */
@NullMarked
package io.headrace.server.alert;

import org.jspecify.annotations.NullMarked;

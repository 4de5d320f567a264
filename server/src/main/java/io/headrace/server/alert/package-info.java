/**
 * Tells people outside that something does not work, and that it does again.
 *
 * <p>Start at {@link io.headrace.server.alert.Alerts}. What is known is in the catalog: ticks, runs
 * and versions say what is wrong, and leases who was told when.
 */
@NullMarked
package io.headrace.server.alert;

import org.jspecify.annotations.NullMarked;

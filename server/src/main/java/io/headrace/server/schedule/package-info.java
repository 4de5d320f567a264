/**
 * Runs what schedules say, when they say it: each tick once, over all servers of a project.
 *
 * <p>Start at {@link io.headrace.server.schedule.Scheduler}. Whose tick it is, is a lease in the
 * catalog; what a server publishes that lost it, is refused there. Nothing is kept here that the
 * catalog does not have. May use {@code server.runs} and the core; knows no HTTP.
 */
@NullMarked
package io.headrace.server.schedule;

import org.jspecify.annotations.NullMarked;

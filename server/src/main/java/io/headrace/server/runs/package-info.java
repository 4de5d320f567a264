/**
 * Served projects: runs of them that are asked for, go on, and are over; how long somebody may read
 * their tables; and who takes events for them.
 *
 * <p>Start at {@link io.headrace.server.runs.ServedProject}. May use the core; knows no HTTP, and
 * of schedules what they ask for, not when.
 */
@NullMarked
package io.headrace.server.runs;

import org.jspecify.annotations.NullMarked;

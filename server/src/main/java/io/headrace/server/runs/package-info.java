/**
 * Runs of served projects: what is asked for, what goes on, and what became of it.
 *
 * <p>Start at {@link io.headrace.server.runs.ServedProject}. May use the core; knows no HTTP, and
 * of schedules what they ask for, not when.
 */
@NullMarked
package io.headrace.server.runs;

import org.jspecify.annotations.NullMarked;

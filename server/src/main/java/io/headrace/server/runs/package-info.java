/**
 * Runs of served projects: what is asked for, what goes on, and what became of it.
 *
 * <p>Start at {@link io.headrace.server.runs.ServedProject}. May use the core; knows neither HTTP
 * nor schedules.
 */
@NullMarked
package io.headrace.server.runs;

import org.jspecify.annotations.NullMarked;

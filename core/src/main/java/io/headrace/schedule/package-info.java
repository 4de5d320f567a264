/**
 * When a project is to be run: schedules, and the times that they fall due at.
 *
 * <p>Start at {@link io.headrace.schedule.Schedule}. All of it is a function of the time that is
 * given: nothing here waits, keeps state or knows a run. The library for cron expressions stays in
 * here. May use {@code error}.
 */
@NullMarked
package io.headrace.schedule;

import org.jspecify.annotations.NullMarked;

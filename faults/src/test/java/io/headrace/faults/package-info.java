/**
 * What Headrace survives: killed processes, lost power, full disks, many writers at once; and that
 * random edits build just what they must. Every random choice comes from a seed that is printed and
 * that {@code -Dheadrace.seed} replays.
 *
 * <p>{@link io.headrace.faults.TestProject} is a project to run; {@link
 * io.headrace.faults.ChildJvms} starts processes that may die.
 */
@NullMarked
package io.headrace.faults;

import org.jspecify.annotations.NullMarked;

/**
 * What Headrace survives: killed processes, lost power, full disks, many writers at once; and that
 * random edits build just what they must. Every random choice comes from a seed that is printed and
 * that {@code -Dheadrace.seed} replays.
 *
 * <p>What {@code mvn verify} does is small. More is one command each:
 *
 * <pre>
 * mvn verify -pl faults -am -Dheadrace.kills=1000
 * mvn verify -pl faults -am -Dheadrace.edits=300
 * mvn verify -pl faults -am -Dheadrace.histories=20000 \
 *     -Dtest='*HistoryTest' -Dsurefire.failIfNoSpecifiedTests=false
 * mvn verify -pl faults -am -Dheadrace.publishers=16 -Dheadrace.commits=2000
 * </pre>
 *
 * <p>Those histories take a day, and {@code -Dheadrace.history=57} plays one of them again.
 *
 * <p>{@link io.headrace.faults.TestProject} is a project to run; {@link
 * io.headrace.faults.ChildJvms} starts processes that may die.
 */
@NullMarked
package io.headrace.faults;

import org.jspecify.annotations.NullMarked;

/**
 * The last steps: build what is missing, check it, publish it: all of it or none of it.
 *
 * <p>Start at {@link io.headrace.run.Runner}. {@link io.headrace.run.Execution} walks the graph,
 * {@link io.headrace.run.TaskBuilder} makes one version. May use everything of the core; engines
 * and databases only through their interfaces.
 */
@NullMarked
package io.headrace.run;

import org.jspecify.annotations.NullMarked;

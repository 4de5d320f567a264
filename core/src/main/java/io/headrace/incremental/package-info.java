/**
 * What a build can keep of the version before it: which partitions a change of the inputs cannot
 * reach.
 *
 * <p>Start at {@link io.headrace.incremental.PartialBuilds}. Everything here follows from versions:
 * what changed of an input is the difference of two of its versions, and nothing else is
 * remembered. May use {@code graph}, {@code project}, {@code engine}, {@code catalog} and {@code
 * table}; knows nothing of plans and runs.
 */
@NullMarked
package io.headrace.incremental;

import org.jspecify.annotations.NullMarked;

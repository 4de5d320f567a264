/**
 * The third step: which tasks must be built, which are reused, and why.
 *
 * <p>{@link io.headrace.plan.Resolver} answers for one task whose inputs are known; {@link
 * io.headrace.plan.Planner} for all of them as far as they are. May use everything before it
 * ({@code project}, {@code graph}, {@code fingerprint}) and {@code catalog}; writes nothing.
 */
@NullMarked
package io.headrace.plan;

import org.jspecify.annotations.NullMarked;

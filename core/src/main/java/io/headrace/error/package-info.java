/**
 * How Headrace says that something went wrong: what, where, why, and what to do next.
 *
 * <p>Start at {@link io.headrace.error.HeadraceException}. May use nothing else of Headrace.
 */
@NullMarked
package io.headrace.error;

import org.jspecify.annotations.NullMarked;

/**
 * Lets every engine read files that none reads by itself: they are converted when a query needs
 * them, and a query sees no difference.
 *
 * <p>Start at {@link io.headrace.conversion.ConvertingEngine}. Knows nothing of tasks.
 */
@NullMarked
package io.headrace.conversion;

import org.jspecify.annotations.NullMarked;

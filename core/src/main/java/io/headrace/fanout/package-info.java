/**
 * Tables that are made item by item: which items there are, and the query of each.
 *
 * <p>Start at {@link io.headrace.fanout.Items}. May use {@code graph}, {@code project}, {@code
 * engine}, {@code sql}, {@code table} and {@code error}. Knows nothing of versions.
 */
@NullMarked
package io.headrace.fanout;

import org.jspecify.annotations.NullMarked;

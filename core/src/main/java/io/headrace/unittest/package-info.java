/**
 * Unit tests of queries: given these input rows, expect these output rows.
 *
 * <p>May use {@code project}, {@code graph}, {@code workspace}, {@code engine} and {@code table}.
 */
@NullMarked
package io.headrace.unittest;

import org.jspecify.annotations.NullMarked;

/**
 * Writing the rows of versions once more, to other files.
 *
 * <p>Start at {@link io.headrace.rewrite.Compactor}. May use {@code workspace}, {@code engine},
 * {@code catalog} and {@code table}.
 */
@NullMarked
package io.headrace.rewrite;

import org.jspecify.annotations.NullMarked;

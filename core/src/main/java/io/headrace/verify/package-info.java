/**
 * Proves that a version is what its recipe says: computes its query afresh on the side, from the
 * same inputs, and compares the rows.
 *
 * <p>Start at {@link io.headrace.verify.Verifier}. May use {@code plan} and everything before it,
 * and {@code diff}. Writes nothing to the catalog or the warehouse.
 */
@NullMarked
package io.headrace.verify;

import org.jspecify.annotations.NullMarked;

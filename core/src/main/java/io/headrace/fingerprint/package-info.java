/**
 * What identifies a version: the recipe, which is all that it is a function of, and the hash of
 * that.
 *
 * <p>Fail-closed: what cannot be identified is built every time. May use {@code graph}, {@code
 * catalog} (records), {@code identity}, {@code sql} and {@code table}.
 */
@NullMarked
package io.headrace.fingerprint;

import org.jspecify.annotations.NullMarked;

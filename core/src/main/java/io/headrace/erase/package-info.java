/**
 * Taking rows out of every version of some tables, so that nobody can read them any more.
 *
 * <p>Start at {@link io.headrace.erase.Erasure}. May use {@code rewrite}, {@code run} (to know who
 * is alive), {@code workspace}, {@code fingerprint}, {@code engine}, {@code catalog}, {@code bytes}
 * and {@code table}.
 */
@NullMarked
package io.headrace.erase;

import org.jspecify.annotations.NullMarked;

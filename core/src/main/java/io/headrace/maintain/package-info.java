/**
 * Keeping what is kept in order: collecting what nothing reaches, and verifying what something
 * does.
 *
 * <p>May use {@code workspace}, {@code catalog}, {@code table}, {@code bytes} and {@code run} (to
 * know who is alive).
 */
@NullMarked
package io.headrace.maintain;

import org.jspecify.annotations.NullMarked;

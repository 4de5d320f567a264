/**
 * Measures the {@code headrace} command from outside, as a user meets it, or runs in one process,
 * and prints each figure beside what is to be reached.
 */
@NullMarked
package io.headrace.bench;

import org.jspecify.annotations.NullMarked;

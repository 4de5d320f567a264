/**
 * What the next number of a history should be like, and whether one is unusual.
 *
 * <p>Start at {@link io.headrace.anomaly.Expectations}. Functions of numbers and times only: what
 * is measured, and who is told, is for others. May use nothing else.
 */
@NullMarked
package io.headrace.anomaly;

import org.jspecify.annotations.NullMarked;

/**
 * Checks: what must hold for staged data before it is published.
 *
 * <p>{@link io.headrace.check.Check} is what a project declares, {@link
 * io.headrace.check.CheckQueries} turns it into a query that returns the rows that break it, {@link
 * io.headrace.check.CheckRunner} asks an engine, {@link io.headrace.check.AnomalyRunner} the
 * history too. May use {@code anomaly}, {@code catalog}, {@code table}, {@code sql}, {@code
 * engine}, {@code yaml} and {@code error}.
 */
@NullMarked
package io.headrace.check;

import org.jspecify.annotations.NullMarked;

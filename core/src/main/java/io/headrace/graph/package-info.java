/**
 * The second step: tasks to a directed acyclic graph. Resolves what each query reads against the
 * project, finds cycles, and selects parts of the graph.
 *
 * <p>Start at {@link io.headrace.graph.Graph}. May use {@code project}, {@code sql}, {@code check},
 * {@code engine}, {@code table} and {@code error}. Reads no data.
 */
@NullMarked
package io.headrace.graph;

import org.jspecify.annotations.NullMarked;

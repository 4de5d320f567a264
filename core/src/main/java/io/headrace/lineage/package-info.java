/**
 * Where columns come from, followed through the queries of a project.
 *
 * <p>May use {@code graph}, {@code workspace}, {@code engine} and {@code table}.
 */
@NullMarked
package io.headrace.lineage;

import org.jspecify.annotations.NullMarked;

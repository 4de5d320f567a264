/**
 * What differs between two environments, commits or versions: tables, schemas, row counts, rows.
 *
 * <p>May use {@code workspace}, {@code catalog}, {@code engine} and {@code table}.
 */
@NullMarked
package io.headrace.diff;

import org.jspecify.annotations.NullMarked;

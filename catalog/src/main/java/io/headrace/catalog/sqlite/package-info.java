/**
 * The catalog in a SQLite file, for one machine and any number of processes on it.
 *
 * <p>Start at {@link io.headrace.catalog.sqlite.SqliteCatalog}; {@code Database} has the
 * connections and transactions. May use {@code access}, {@code catalog}, {@code table} and {@code
 * error}.
 */
@NullMarked
package io.headrace.catalog.sqlite;

import org.jspecify.annotations.NullMarked;

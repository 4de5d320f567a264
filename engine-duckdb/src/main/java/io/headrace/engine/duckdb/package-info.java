/**
 * DuckDB, in this process, as an engine.
 *
 * <p>Start at {@link io.headrace.engine.duckdb.DuckDbProvider}. One in-memory DuckDB serves the
 * whole process; its tables are views over Parquet files, so it keeps no state. May use {@code
 * core}; nothing may use this package but through {@link io.headrace.engine.EngineProvider}.
 */
@NullMarked
package io.headrace.engine.duckdb;

import org.jspecify.annotations.NullMarked;

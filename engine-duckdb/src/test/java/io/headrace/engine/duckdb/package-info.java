@NullMarked
package io.headrace.engine.duckdb;

import org.jspecify.annotations.NullMarked;

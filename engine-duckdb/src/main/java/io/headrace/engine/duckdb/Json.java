package io.headrace.engine.duckdb;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads the JSON in which DuckDB describes statements, plans and errors. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}
}

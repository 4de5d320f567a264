package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CursorKind;
import io.headrace.connector.staging.ExactText;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a column of PostgreSQL is selected so that its CSV has only one meaning. */
final class PostgresColumn {
  private static final int LARGEST_PRECISION = 38;

  private final String name;
  private final String quoted;
  private final String systemType;
  private final int precision;
  private final int scale;

  PostgresColumn(Dialect dialect, ResultSetMetaData meta, int index) throws SQLException {
    this.name = meta.getColumnLabel(index);
    this.quoted = dialect.quote(name);
    this.systemType = meta.getColumnTypeName(index);
    this.precision = meta.getPrecision(index);
    this.scale = meta.getScale(index);
  }

  DatabaseColumn column(Optional<String> declared) {
    String type = type();
    if (declared.isPresent() && !ExactText.normal(declared.get()).equals(ExactText.normal(type))) {
      return of(declared.get(), converted(declared.get()), true);
    }
    return of(
        type, expression(type), type.equals("VARCHAR") || type.equals("BLOB") || isList(type));
  }

  private DatabaseColumn of(String type, String expression, boolean isQuoted) {
    return new DatabaseColumn(name, type, expression, isQuoted, Cell.TEXT, cursor(), systemType);
  }

  private String type() {
    return switch (systemType) {
      case "bool" -> "BOOLEAN";
      case "int2", "int4", "smallserial", "serial" -> "INTEGER";
      case "int8", "bigserial", "oid" -> "BIGINT";
      case "float4" -> "FLOAT";
      case "float8" -> "DOUBLE";
      case "numeric" -> decimal();
      case "date" -> "DATE";
      case "time" -> "TIME";
      case "timestamp" -> "TIMESTAMP";
      case "timestamptz" -> "TIMESTAMPTZ";
      case "uuid" -> "UUID";
      case "bytea" -> "BLOB";
      case "_bool" -> "BOOLEAN[]";
      case "_int2", "_int4" -> "INTEGER[]";
      case "_int8" -> "BIGINT[]";
      case "_float4" -> "FLOAT[]";
      case "_float8" -> "DOUBLE[]";
      case "_text", "_varchar" -> "VARCHAR[]";
      case "_uuid" -> "UUID[]";
      // Text, JSON, and what has no exact type: in the words of the system.
      default -> "VARCHAR";
    };
  }

  private String decimal() {
    return precision >= 1 && precision <= LARGEST_PRECISION && scale >= 0 && scale <= precision
        ? "DECIMAL(%d,%d)".formatted(precision, scale)
        : "VARCHAR";
  }

  private static boolean isList(String type) {
    return type.endsWith("[]");
  }

  private Optional<CursorKind> cursor() {
    @Nullable CursorKind kind =
        switch (systemType) {
          case "int2", "int4", "int8", "smallserial", "serial", "bigserial", "oid", "numeric" ->
              CursorKind.NUMBER;
          case "date" -> CursorKind.DATE;
          case "timestamp" -> CursorKind.TIMESTAMP;
          case "timestamptz" -> CursorKind.TIMESTAMPTZ;
          case "text", "varchar", "bpchar" -> CursorKind.TEXT;
          default -> null;
        };
    return Optional.ofNullable(kind);
  }

  private String expression(String type) {
    if (isList(type)) {
      return list(type);
    }
    return switch (type) {
      case "DATE", "TIMESTAMP", "TIMESTAMPTZ" ->
          guarded(
              "%s >= '0001-01-01' AND %s < '10000-01-01'".formatted(quoted, quoted),
              quoted + "::text",
              type);
      case "TIME" -> guarded(quoted + " < '24:00'", quoted + "::text", type);
      case "BLOB" -> "regexp_replace(encode(%s, 'hex'), '(..)', '\\\\x\\1', 'g')".formatted(quoted);
      default -> quoted;
    };
  }

  /** The text of the value, if the engine converts it exactly to the declared type. */
  private String converted(String type) {
    return ExactText.expression(type)
        .map(
            pattern ->
                guarded(
                    "%s::text ~ %s".formatted(quoted, PostgresDialect.text("^(" + pattern + ")$")),
                    quoted + "::text",
                    type))
        .orElse(quoted);
  }

  private String list(String type) {
    String elements =
        type.equals("VARCHAR[]")
            ? """
              (SELECT string_agg(coalesce('"' || replace(replace(e, '\\', '\\\\'), '"', '\\"') || '"', \
              'NULL'), ', ' ORDER BY i) FROM unnest(%s) WITH ORDINALITY AS elements(e, i))"""
                .formatted(quoted)
            : "array_to_string(%s, ', ', 'NULL')".formatted(quoted);
    return guarded(
        "coalesce(array_ndims(%s), 1) = 1".formatted(quoted),
        "'[' || coalesce(%s, '') || ']'".formatted(elements),
        type);
  }

  /** The text if the condition holds; if not, an error that {@link Failures} knows. */
  private String guarded(String condition, String text, String type) {
    String about = Failures.MARK + name + Failures.MARK + type + Failures.MARK;
    return """
        CASE WHEN %s IS NULL THEN NULL WHEN %s THEN %s
        ELSE (%s || left(%s::text, 100) || %s)::int::text END"""
        .formatted(
            quoted,
            condition,
            text,
            PostgresDialect.text(about),
            quoted,
            PostgresDialect.text(Failures.MARK));
  }
}

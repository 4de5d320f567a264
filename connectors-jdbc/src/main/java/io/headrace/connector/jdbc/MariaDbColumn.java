package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CursorKind;
import io.headrace.connector.staging.ExactText;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a column of MariaDB or MySQL is selected so that the driver gives its exact value. */
final class MariaDbColumn {
  private static final int LARGEST_PRECISION = 38;

  private MariaDbColumn() {}

  static DatabaseColumn of(
      Dialect dialect, ResultSetMetaData meta, int index, Optional<String> declared)
      throws SQLException {
    String name = meta.getColumnLabel(index);
    String systemType = meta.getColumnTypeName(index);
    String base = systemType.toUpperCase(Locale.ROOT).replaceAll(" ?UNSIGNED.*| ?ZEROFILL", "");
    boolean isSigned = meta.isSigned(index);
    int precision = meta.getPrecision(index);
    String own = type(base, isSigned, precision, meta.getScale(index));
    String type = declared.orElse(own);
    boolean isPlain = ExactText.expression(type).isPresent();
    Cell cell = cell(base);
    boolean isOwnNumber = type.equals(own) && isNumber(base);
    return new DatabaseColumn(
        name,
        type,
        expression(base, dialect.quote(name)),
        !isPlain,
        isOwnNumber ? cell : cell.exactly(name, type),
        Optional.ofNullable(cursor(base)),
        systemType);
  }

  private static String type(String base, boolean isSigned, int precision, int scale) {
    return switch (base) {
      case "TINYINT", "SMALLINT", "MEDIUMINT", "YEAR" -> "INTEGER";
      case "INT", "INTEGER" -> isSigned ? "INTEGER" : "BIGINT";
      case "BIGINT" -> isSigned ? "BIGINT" : "DECIMAL(20,0)";
      case "DECIMAL" ->
          precision >= 1 && precision <= LARGEST_PRECISION && scale <= precision
              ? "DECIMAL(%d,%d)".formatted(precision, scale)
              : "VARCHAR";
      case "FLOAT" -> "FLOAT";
      case "DOUBLE" -> "DOUBLE";
      case "BIT" -> precision == 1 ? "BOOLEAN" : "DECIMAL(20,0)";
      case "DATE" -> "DATE";
      case "TIME" -> "TIME";
      case "DATETIME" -> "TIMESTAMP";
      case "TIMESTAMP" -> "TIMESTAMPTZ";
      case "UUID" -> "UUID";
      case "BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB" -> "BLOB";
      default -> "VARCHAR";
    };
  }

  private static boolean isNumber(String base) {
    return switch (base) {
      case "TINYINT",
          "SMALLINT",
          "MEDIUMINT",
          "YEAR",
          "INT",
          "INTEGER",
          "BIGINT",
          "DECIMAL",
          "FLOAT",
          "DOUBLE" ->
          true;
      default -> false;
    };
  }

  private static String expression(String base, String name) {
    return switch (base) {
      case "FLOAT" -> "CAST(" + name + " AS DOUBLE)";
      case "BIT", "YEAR" -> "CAST(" + name + " AS UNSIGNED)";
      case "DATE", "TIME", "DATETIME", "UUID", "INET4", "INET6" -> "CAST(" + name + " AS CHAR)";
      case "TIMESTAMP" -> "CONCAT(" + name + ", 'Z')";
      case "GEOMETRY",
          "POINT",
          "LINESTRING",
          "POLYGON",
          "MULTIPOINT",
          "MULTILINESTRING",
          "MULTIPOLYGON",
          "GEOMETRYCOLLECTION" ->
          "ST_AsText(" + name + ")";
      default -> name;
    };
  }

  private static Cell cell(String base) {
    return switch (base) {
      case "FLOAT" -> Cell.FLOAT;
      case "DOUBLE" -> Cell.DOUBLE;
      case "BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB" -> Cell.BYTES;
      default -> Cell.TEXT;
    };
  }

  private static @Nullable CursorKind cursor(String base) {
    return switch (base) {
      case "TINYINT", "SMALLINT", "MEDIUMINT", "YEAR", "INT", "INTEGER", "BIGINT", "DECIMAL" ->
          CursorKind.NUMBER;
      case "DATE" -> CursorKind.DATE;
      case "DATETIME" -> CursorKind.TIMESTAMP;
      case "TIMESTAMP" -> CursorKind.TIMESTAMPTZ;
      case "CHAR", "VARCHAR", "TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT" -> CursorKind.TEXT;
      default -> null;
    };
  }
}

package io.headrace.engine.duckdb;

import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.ColumnType.StructOf;
import java.util.stream.Collectors;

/**
 * DuckDB's types and those of tables.
 *
 * <p>Every type of DuckDB that holds values maps to one that can hold them all; the few that have
 * none are refused with advice, not bent.
 */
final class Types {
  private Types() {}

  /** How DuckDB spells the type. */
  static String toDuckDb(ColumnType type) {
    if (type instanceof Primitive primitive) {
      return switch (primitive) {
        case BOOLEAN -> "BOOLEAN";
        case INT -> "INTEGER";
        case LONG -> "BIGINT";
        case FLOAT -> "FLOAT";
        case DOUBLE -> "DOUBLE";
        case DATE -> "DATE";
        case TIME -> "TIME";
        case TIMESTAMP -> "TIMESTAMP";
        case TIMESTAMPTZ -> "TIMESTAMP WITH TIME ZONE";
        case STRING -> "VARCHAR";
        case BINARY -> "BLOB";
        case UUID -> "UUID";
      };
    }
    if (type instanceof Decimal decimal) {
      return "DECIMAL(%d,%d)".formatted(decimal.precision(), decimal.scale());
    }
    if (type instanceof ListOf list) {
      return toDuckDb(list.element().type()) + "[]";
    }
    if (type instanceof MapOf map) {
      return "MAP(%s, %s)".formatted(toDuckDb(map.key().type()), toDuckDb(map.value().type()));
    }
    return ((StructOf) type)
        .fields().stream()
            .map(field -> SqlText.identifier(field.name()) + " " + toDuckDb(field.type()))
            .collect(Collectors.joining(", ", "STRUCT(", ")"));
  }

  /**
   * The type that a table stores values of a DuckDB type as.
   *
   * @throws UnstorableException if there is none
   */
  static ColumnType fromDuckDb(String type) throws UnstorableException {
    return new TypeReader(type).read();
  }

  static ColumnType primitive(String name) throws UnstorableException {
    return switch (name) {
      case "BOOLEAN" -> Primitive.BOOLEAN;
      case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT" -> Primitive.INT;
      case "BIGINT", "UINTEGER" -> Primitive.LONG;
      case "UBIGINT" -> new Decimal(20, 0);
      // Wider than any decimal; a value that does not fit fails the query rather than be rounded.
      case "HUGEINT", "UHUGEINT" -> new Decimal(38, 0);
      case "FLOAT" -> Primitive.FLOAT;
      case "DOUBLE" -> Primitive.DOUBLE;
      case "DATE" -> Primitive.DATE;
      case "TIME", "TIME_NS" -> Primitive.TIME;
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> Primitive.TIMESTAMP;
      case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS" -> Primitive.TIMESTAMPTZ;
      case "VARCHAR", "ENUM", "JSON", "BIT", "BIGNUM" -> Primitive.STRING;
      case "BLOB" -> Primitive.BINARY;
      case "UUID" -> Primitive.UUID;
      case "NULL" -> throw new UnstorableException("NULL", "Give it a type: NULL::INTEGER");
      case "INTERVAL" ->
          throw new UnstorableException(
              name, "Store a number of units, as epoch(i), or text, as i::VARCHAR");
      case "TIME WITH TIME ZONE" ->
          throw new UnstorableException(name, "Cast it: t::TIME, or t::VARCHAR");
      case "GEOMETRY" ->
          throw new UnstorableException(name, "Convert it: ST_AsWKB(g), or ST_AsText(g)");
      case "TUPLE" ->
          throw new UnstorableException(name, "Name its fields: {'first': a, 'second': b}");
      default -> throw new UnstorableException(name, "Cast it, for example to VARCHAR");
    };
  }

  /** A type that tables cannot store. */
  static final class UnstorableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    UnstorableException(String type, String hint) {
      super(type, null, false, false);
      this.hint = hint;
    }

    String type() {
      return String.valueOf(getMessage());
    }

    String hint() {
      return hint;
    }
  }
}

package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;

/**
 * The type of a column, as tables store it: the types of Iceberg format 2. {@code toString()} is
 * Iceberg's own spelling ({@code decimal(38, 0)}, {@code list<int>}) and leaves field ids out.
 */
public sealed interface ColumnType {

  /**
   * Whether a value can hold floating-point numbers, of which -0.0 and 0.0 are equal and differ.
   */
  default boolean holdsFloats() {
    if (this instanceof ListOf list) {
      return list.element().type().holdsFloats();
    }
    if (this instanceof MapOf map) {
      return map.key().type().holdsFloats() || map.value().type().holdsFloats();
    }
    if (this instanceof StructOf struct) {
      return struct.fields().stream().anyMatch(field -> field.type().holdsFloats());
    }
    return this == Primitive.FLOAT || this == Primitive.DOUBLE;
  }

  /** A type without parameters. Timestamps count microseconds. */
  enum Primitive implements ColumnType {
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    STRING,
    BINARY,
    UUID;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A decimal number of {@code precision} (1 to 38) digits, {@code scale} of them after the point.
   */
  record Decimal(int precision, int scale) implements ColumnType {
    public Decimal {
      if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
        throw new IllegalArgumentException("Invalid decimal(%d, %d)".formatted(precision, scale));
      }
    }

    @Override
    public String toString() {
      return "decimal(%d, %d)".formatted(precision, scale);
    }
  }

  /** A list; the element is a field with an id of its own. */
  record ListOf(Column element) implements ColumnType {
    public ListOf {
      requireNonNull(element, "element is null");
    }

    @Override
    public String toString() {
      return "list<%s>".formatted(element.type());
    }
  }

  /** A map; key and value are fields with ids of their own. */
  record MapOf(Column key, Column value) implements ColumnType {
    public MapOf {
      requireNonNull(key, "key is null");
      requireNonNull(value, "value is null");
    }

    @Override
    public String toString() {
      return "map<%s, %s>".formatted(key.type(), value.type());
    }
  }

  /** A struct of one or more fields. */
  record StructOf(List<Column> fields) implements ColumnType {
    public StructOf {
      fields = List.copyOf(fields);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("struct<");
      for (Column field : fields) {
        text.append(text.length() == 7 ? "" : ", ").append(field.name()).append(": ");
        text.append(field.type());
      }
      return text.append('>').toString();
    }
  }
}

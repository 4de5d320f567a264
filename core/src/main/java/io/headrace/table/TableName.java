package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table: a schema (the folder below {@code tables/}, or empty) and a name (the file
 * without its extension). Names are lower case: engines ignore case, so two tables may not differ
 * by it alone.
 */
public record TableName(String schema, String name) implements Comparable<TableName> {
  private static final String REJECTED = "__rejected";

  public TableName {
    requireNonNull(schema, "schema is null");
    requireNonNull(name, "name is null");
    if (!isValidPart(name) || !(schema.isEmpty() || isValidPart(schema))) {
      throw new IllegalArgumentException(
          "Invalid table name '%s': use a-z, 0-9 and _"
              .formatted(schema.isEmpty() ? name : schema + "." + name));
    }
  }

  /** Whether {@code part} can be a schema or the name of a table. */
  public static boolean isValidPart(String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || c == '_';
      if (!isLetter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return !part.isEmpty();
  }

  /** Whether only a table of rejected rows can have such a name. */
  public static boolean isOfRejected(String name) {
    return name.endsWith(REJECTED);
  }

  /** The table of the rows that this one rejects. */
  public TableName rejected() {
    return new TableName(schema, name + REJECTED);
  }

  /** The table that rejects the rows of this one, if this is such a table. */
  public Optional<TableName> rejecting() {
    String other = name.substring(0, Math.max(0, name.length() - REJECTED.length()));
    return isOfRejected(name) && isValidPart(other)
        ? Optional.of(new TableName(schema, other))
        : Optional.empty();
  }

  /** Reads {@code name} or {@code schema.name}. */
  public static TableName parse(String text) {
    int dot = text.lastIndexOf('.');
    return dot < 0
        ? new TableName("", text)
        : new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  /** Tells the tables whose whole name is {@code text}, in which {@code *} is any characters. */
  public static Predicate<TableName> matching(String text) {
    return table -> Wildcards.match(text, table.toString());
  }

  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableName that && name.equals(that.name) && schema.equals(that.schema);
  }

  /** Written out, because a plan of ten thousand tables asks for it a million times. */
  @Override
  public int hashCode() {
    return 31 * schema.hashCode() + name.hashCode();
  }

  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }
}

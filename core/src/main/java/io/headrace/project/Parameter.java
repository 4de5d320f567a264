package io.headrace.project;

import io.headrace.error.UsageException;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * The value of a parameter, which stands for {@code $name} in queries.
 *
 * @param kind what it may be replaced by
 * @param text as written
 */
public record Parameter(Kind kind, String text) {

  /** The kind of value that a parameter takes, given by its default. */
  public enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN
  }

  /** The value as a literal of SQL. */
  public String literal() {
    return kind == Kind.TEXT ? "'" + text.replace("'", "''") + "'" : text;
  }

  /**
   * This parameter with another value of the same kind.
   *
   * @throws UsageException if {@code value} is of another kind
   */
  public Parameter with(String name, String value) {
    boolean fits =
        switch (kind) {
          case TEXT -> true;
          case NUMBER -> isNumber(value);
          case BOOLEAN -> value.equals("true") || value.equals("false");
        };
    if (!fits) {
      throw new UsageException(
          "Cannot set parameter '%s' to '%s': its default '%s' is a %s"
              .formatted(name, value, text, kind.name().toLowerCase(Locale.ROOT)),
          kind == Kind.NUMBER ? "Give a number" : "Give true or false");
    }
    return new Parameter(kind, value);
  }

  private static boolean isNumber(String value) {
    try {
      new BigDecimal(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}

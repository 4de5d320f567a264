package io.headrace.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A query after its parameters, written {@code $name}, were replaced by literals.
 *
 * @param sql what an engine gets
 * @param used the literal of each parameter that the query uses, by name
 * @param unknown the parameters that have no value, with their places in the original text
 */
public record ParameterizedSql(
    String sql, SortedMap<String, String> used, List<Unknown> unknown, List<Shift> shifts) {
  public ParameterizedSql {
    unknown = List.copyOf(unknown);
    shifts = List.copyOf(shifts);
  }

  /** A parameter without a value. */
  public record Unknown(String name, int offset) {}

  /** From {@code offset} of the new text on, the original is {@code by} characters further. */
  public record Shift(int offset, int by) {}

  /**
   * Replaces the parameters.
   *
   * @param literals SQL literal by name
   */
  public static ParameterizedSql of(String original, Map<String, String> literals) {
    if (original.indexOf('$') < 0) {
      return new ParameterizedSql(original, new TreeMap<>(), List.of(), List.of());
    }
    StringBuilder sql = new StringBuilder(original.length());
    SortedMap<String, String> used = new TreeMap<>();
    List<Unknown> unknown = new ArrayList<>();
    List<Shift> shifts = new ArrayList<>();
    int copied = 0;
    for (SqlLexer.Token token : SqlLexer.tokens(original)) {
      if (token.kind() != SqlLexer.Kind.PARAMETER) {
        continue;
      }
      String name = original.substring(token.start() + 1, token.end());
      String literal = literals.get(name);
      if (literal == null) {
        unknown.add(new Unknown(name, token.start()));
        continue;
      }
      sql.append(original, copied, token.start()).append(literal);
      copied = token.end();
      used.put(name, literal);
      shifts.add(new Shift(sql.length(), copied - sql.length()));
    }
    sql.append(original, copied, original.length());
    return new ParameterizedSql(sql.toString(), used, unknown, shifts);
  }

  /** The place in the original text of a place in {@link #sql}. */
  public int originalOffset(int offset) {
    int original = offset;
    for (Shift shift : shifts) {
      if (shift.offset() <= offset) {
        original = offset + shift.by();
      }
    }
    return original;
  }
}

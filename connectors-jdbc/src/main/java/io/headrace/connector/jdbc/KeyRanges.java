package io.headrace.connector.jdbc;

import io.headrace.connector.jdbc.Relation.Parallel;
import io.headrace.connector.staging.CursorKind;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ranges of a column into which rows are divided: each row is in one of them, also if it is null.
 */
record KeyRanges(Dialect dialect, DatabaseColumn column, CursorKind kind, String from, int parts) {
  /**
   * The ranges that a relation asks for.
   *
   * @throws HeadraceException if there is no such column, or if it has no ranges
   */
  static KeyRanges of(
      Parallel parallel, Relation relation, Dialect dialect, List<DatabaseColumn> columns) {
    DatabaseColumn column =
        columns.stream()
            .filter(candidate -> candidate.name().equals(parallel.by()))
            .findFirst()
            .orElseThrow(
                () -> {
                  List<String> names = columns.stream().map(DatabaseColumn::name).toList();
                  return new HeadraceException(
                      "'%s' of `parallel` is no column of '%s'"
                          .formatted(parallel.by(), relation.name()),
                      NearestWord.hint(
                          parallel.by(), names, "The columns are " + String.join(", ", names)));
                });
    CursorKind kind = column.cursor().orElse(CursorKind.TEXT);
    return switch (kind) {
      case NUMBER, DATE, TIMESTAMP, TIMESTAMPTZ ->
          new KeyRanges(dialect, column, kind, relation.from(dialect), parallel.parts());
      case TEXT, NUMBER_OR_TEXT ->
          throw new HeadraceException(
              "Column '%s' of '%s' cannot divide the rows: its type is %s"
                  .formatted(column.name(), relation.name(), column.systemType()),
              "Take a number without fraction of binary digits, a date or a timestamp, with an"
                  + " index");
    };
  }

  /**
   * Conditions, of which exactly one holds for each row.
   *
   * @param among the condition on all of the rows; empty for none
   */
  List<String> conditions(Connection connection, String among, Cancellation cancel)
      throws SQLException {
    String name = dialect.quote(column.name());
    List<String> limits =
        limits(dialect.bounds(connection, from, column, among, cancel)).stream()
            .map(limit -> dialect.literal(kind, limit))
            .toList();
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i <= limits.size(); i++) {
      String after = i == 0 ? "" : name + " >= " + limits.get(i - 1);
      String before = i == limits.size() ? "" : name + " < " + limits.get(i);
      String range =
          i == 0
              ? before.isEmpty() ? "" : "(" + before + " OR " + name + " IS NULL)"
              : after + (before.isEmpty() ? "" : " AND " + before);
      conditions.add(
          among.isEmpty() || range.isEmpty() ? among + range : "(" + among + ") AND " + range);
    }
    return conditions;
  }

  /**
   * What separates the parts, ascending. Where values are no numbers, as infinity, there is one.
   */
  private List<String> limits(List<String> bounds) {
    List<String> known = bounds.stream().flatMap(bound -> kind.canonical(bound).stream()).toList();
    if (known.size() < 2 || known.get(0).equals(known.get(1))) {
      return List.of();
    }
    BigDecimal first = number(known.get(0));
    BigDecimal width = number(known.get(1)).subtract(first);
    List<String> limits = new ArrayList<>();
    for (int i = 1; i < parts; i++) {
      BigDecimal share =
          width
              .multiply(BigDecimal.valueOf(i))
              .divide(BigDecimal.valueOf(parts), 0, RoundingMode.CEILING);
      String limit = text(first.add(share));
      if (limits.isEmpty() || !limits.get(limits.size() - 1).equals(limit)) {
        limits.add(limit);
      }
    }
    return limits;
  }

  private BigDecimal number(String position) {
    return switch (kind) {
      case DATE -> BigDecimal.valueOf(LocalDate.parse(position).toEpochDay());
      case TIMESTAMP, TIMESTAMPTZ ->
          BigDecimal.valueOf(
              ChronoUnit.MICROS.between(
                  LocalDateTime.of(1970, 1, 1, 0, 0),
                  LocalDateTime.parse(position.replace("Z", ""))));
      case NUMBER, TEXT, NUMBER_OR_TEXT -> new BigDecimal(position);
    };
  }

  private String text(BigDecimal number) {
    return switch (kind) {
      case DATE -> LocalDate.ofEpochDay(number.longValueExact()).toString();
      case TIMESTAMP, TIMESTAMPTZ ->
          kind.canonical(
                  LocalDateTime.of(1970, 1, 1, 0, 0)
                          .plus(number.longValueExact(), ChronoUnit.MICROS)
                          .format(
                              DateTimeFormatter.ofPattern(
                                  "uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT))
                      + (kind == CursorKind.TIMESTAMPTZ ? "Z" : ""))
              .orElseThrow();
      case NUMBER, TEXT, NUMBER_OR_TEXT -> number.toPlainString();
    };
  }
}

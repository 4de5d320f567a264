package io.headrace.connector.http;

import io.headrace.connector.Position;
import io.headrace.connector.staging.CursorKind;
import io.headrace.connector.staging.ExactText;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The column that says which rows are new.
 *
 * @param index of the column
 * @param part what the part of its positions is called
 * @param lag how long after a time rows of that time may still come; zero if times are not waited
 *     for
 */
record Cursor(int index, DeclaredColumn column, CursorKind kind, String part, Duration lag) {
  private static final Duration USUAL_LAG = Duration.ofSeconds(1);
  private static final Pattern WITHOUT_SECONDS = Pattern.compile("([ T]\\d\\d:\\d\\d)(Z?)$");

  /**
   * The cursor of that name.
   *
   * @throws HeadraceException if there is no such column, or if its values have no order
   */
  static Cursor of(String name, String part, List<DeclaredColumn> columns, @Nullable String lag) {
    List<String> names = columns.stream().map(DeclaredColumn::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw new HeadraceException(
          "The cursor '%s' is none of the `columns`".formatted(name),
          NearestWord.hint(name, names, "The columns are " + String.join(", ", names)));
    }
    DeclaredColumn column = columns.get(index);
    CursorKind kind = kind(column);
    boolean isTime = kind != CursorKind.NUMBER && kind != CursorKind.TEXT;
    if (lag != null && !isTime) {
      throw new HeadraceException(
          "The cursor '%s' is no time, and `lag` counts from one".formatted(name),
          "Leave `lag` out");
    }
    Duration usual = isTime ? USUAL_LAG : Duration.ZERO;
    return new Cursor(index, column, kind, part, lag == null ? usual : Duration.parse(lag));
  }

  private static CursorKind kind(DeclaredColumn column) {
    String type = ExactText.normal(column.type()).replaceFirst("\\(.*", "");
    return switch (type) {
      case "TINYINT",
          "INT1",
          "SMALLINT",
          "INT2",
          "SHORT",
          "INTEGER",
          "INT",
          "INT4",
          "BIGINT",
          "INT8",
          "LONG",
          "DECIMAL",
          "NUMERIC" ->
          CursorKind.NUMBER;
      case "DATE" -> CursorKind.DATE;
      case "TIMESTAMP", "DATETIME" -> CursorKind.TIMESTAMP;
      case "TIMESTAMPTZ" -> CursorKind.TIMESTAMPTZ;
      case "VARCHAR", "TEXT", "STRING", "CHAR" -> CursorKind.TEXT;
      default ->
          throw new HeadraceException(
              "Column '%s' cannot be the cursor: its type is %s"
                  .formatted(column.name(), column.type()),
              "Take a column that grows with every new row: a whole number or a decimal, a date, a"
                  + " timestamp, or text");
    };
  }

  /** The position of a value of the column, or empty if it has none. */
  Optional<Position> position(String value) {
    String whole = kind == CursorKind.TEXT ? value : seconds(value);
    return kind.canonical(whole).map(text -> new Position(part, text));
  }

  private static String seconds(String value) {
    return WITHOUT_SECONDS.matcher(value).replaceFirst("$1:00$2");
  }

  Optional<Position> find(List<Position> positions) {
    return positions.stream().filter(position -> position.part().equals(part)).findFirst();
  }

  /** Whether no more rows of that position are to be expected at a time. */
  boolean isSettled(Position position, Instant now) {
    if (lag.isZero()) {
      return true;
    }
    Instant end =
        switch (kind) {
          case DATE ->
              LocalDate.parse(position.value())
                  .plusDays(1)
                  .atStartOfDay()
                  .toInstant(ZoneOffset.UTC);
          case TIMESTAMP -> LocalDateTime.parse(position.value()).toInstant(ZoneOffset.UTC);
          case TIMESTAMPTZ -> Instant.parse(position.value());
          default -> Instant.MIN;
        };
    return end.equals(Instant.MIN) || !end.plus(lag).isAfter(now);
  }

  /**
   * What an API is asked for that shall give what is behind a position. Rows that are not behind it
   * are dropped, so that it may give more; and a fraction of a second is more than some understand.
   */
  String asked(Position position) {
    return switch (kind) {
      case TIMESTAMP ->
          LocalDateTime.parse(position.value()).truncatedTo(ChronoUnit.SECONDS).withNano(0)
              + secondsOf(position);
      case TIMESTAMPTZ ->
          Instant.parse(position.value()).truncatedTo(ChronoUnit.SECONDS).toString();
      default -> position.value();
    };
  }

  /** Java leaves out seconds that are zero. */
  private static String secondsOf(Position position) {
    return LocalDateTime.parse(position.value()).getSecond() == 0 ? ":00" : "";
  }
}

package io.headrace.query;

import io.headrace.engine.Cancellation;
import io.headrace.query.Profile.ColumnProfile;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.TableName;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How often a column has which values.
 *
 * @param isRange whether the bars are neighbouring ranges of the same width, from the least value
 *     to the greatest; else they are values, the most frequent first
 */
public record Distribution(boolean isRange, List<Bar> bars) {
  private static final int RANGES = 24;
  private static final int VALUES = 4;

  /** Of a column with more values than this, the most frequent ones say little. */
  private static final int MOST_DISTINCT = 1_000;

  private static final Set<Primitive> NUMBERS =
      Set.of(Primitive.INT, Primitive.LONG, Primitive.FLOAT, Primitive.DOUBLE);
  private static final Set<Primitive> MOMENTS =
      Set.of(Primitive.DATE, Primitive.TIMESTAMP, Primitive.TIMESTAMPTZ);

  public Distribution {
    bars = List.copyOf(bars);
  }

  /**
   * A value, or a range.
   *
   * @param label the value, or where the range begins
   * @param rows how many rows have it
   */
  public record Bar(String label, long rows) {}

  /** The distribution of a column's values but nulls; empty if it has none that says something. */
  public static Optional<Distribution> of(
      Reader reader, TableName table, ColumnProfile profile, Cancellation cancel) {
    Column column = reader.bind(table).schema().find(profile.name()).orElseThrow();
    boolean isNumber =
        column.type() instanceof ColumnType.Decimal || NUMBERS.contains(column.type());
    boolean isMoment = MOMENTS.contains(column.type());
    if ((isNumber || isMoment) && profile.distinct() > VALUES) {
      return ranges(reader, table, column, isMoment, cancel);
    }
    boolean isSimple = column.type() instanceof Primitive || isNumber;
    return isSimple && profile.distinct() > 0 && profile.distinct() <= MOST_DISTINCT
        ? values(reader, table, column, cancel)
        : Optional.empty();
  }

  private static Optional<Distribution> ranges(
      Reader reader, TableName table, Column column, boolean isMoment, Cancellation cancel) {
    String name = SqlNames.quote(column.name());
    String sql =
        """
        WITH x AS (SELECT %s AS x FROM %s WHERE %s IS NOT NULL),
             ends AS (SELECT min(x) AS lo, max(x) AS hi FROM x WHERE isfinite(x))
        SELECT CAST(least(floor((x - lo) / (hi - lo) * %d), %d) AS INTEGER), count(*),
               any_value(lo), any_value(hi)
        FROM x, ends WHERE isfinite(x) AND hi > lo GROUP BY 1"""
            .formatted(
                isMoment ? "epoch(%s)".formatted(name) : "CAST(%s AS DOUBLE)".formatted(name),
                SqlNames.quote(table),
                name,
                RANGES,
                RANGES - 1);
    Map<Integer, Long> counts = new TreeMap<>();
    double low = 0;
    double high = 0;
    for (List<Object> row : reader.query(sql, RANGES, cancel).values()) {
      counts.put(((Number) row.get(0)).intValue(), ((Number) row.get(1)).longValue());
      low = ((Number) row.get(2)).doubleValue();
      high = ((Number) row.get(3)).doubleValue();
    }
    if (counts.isEmpty()) {
      return Optional.empty();
    }
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < RANGES; i++) {
      double from = low + (high - low) * i / RANGES;
      bars.add(new Bar(isMoment ? moment(from) : number(from), counts.getOrDefault(i, 0L)));
    }
    return Optional.of(new Distribution(true, bars));
  }

  private static Optional<Distribution> values(
      Reader reader, TableName table, Column column, Cancellation cancel) {
    String name = SqlNames.quote(column.name());
    String sql =
        """
        SELECT CAST(%1$s AS VARCHAR), count(*) FROM %2$s WHERE %1$s IS NOT NULL
        GROUP BY 1 ORDER BY 2 DESC, 1"""
            .formatted(name, SqlNames.quote(table));
    List<Bar> bars =
        reader.query(sql, VALUES, cancel).values().stream()
            .map(row -> new Bar(row.get(0).toString(), ((Number) row.get(1)).longValue()))
            .toList();
    return bars.isEmpty() ? Optional.empty() : Optional.of(new Distribution(false, bars));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private static String moment(double seconds) {
    LocalDateTime time =
        LocalDateTime.ofInstant(Instant.ofEpochSecond((long) Math.floor(seconds)), ZoneOffset.UTC);
    return time.truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' ');
  }
}

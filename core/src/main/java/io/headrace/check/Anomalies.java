package io.headrace.check;

import io.headrace.anomaly.Expectation;
import io.headrace.anomaly.Expectations;
import io.headrace.anomaly.Observation;
import io.headrace.anomaly.Quantity;
import io.headrace.catalog.Measurement;
import io.headrace.check.Check.Measure;
import io.headrace.engine.Session.ResultColumn;
import io.headrace.engine.Session.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds what is unusual in the measurement of a version, by those of the versions before. */
final class Anomalies {
  /** What a message names. */
  private static final int MOST_NAMED = 3;

  private static final List<ResultColumn> COLUMNS =
      List.of(
          new ResultColumn("measure", "VARCHAR"),
          new ResultColumn("found", "VARCHAR"),
          new ResultColumn("expected", "VARCHAR"),
          new ResultColumn("versions", "BIGINT"));

  private final Check.Anomalies rule;
  private final Measurement now;
  private final List<Measurement> history;
  private final List<List<Object>> unusual = new ArrayList<>();
  private int asked;

  private Anomalies(Check.Anomalies rule, Measurement now, List<Measurement> history) {
    this.rule = rule;
    this.now = now;
    this.history = history;
  }

  /**
   * What was found.
   *
   * @param asked how many numbers were looked at
   * @param unusual those of them that are not as expected
   */
  record Found(int asked, Rows unusual) {}

  /**
   * Looks at each number of which enough is known.
   *
   * @param columns whose numbers are looked at
   * @param history oldest first
   */
  static Found find(
      Check.Anomalies rule, List<String> columns, Measurement now, List<Measurement> history) {
    Anomalies anomalies = new Anomalies(rule, now, history);
    if (rule.of().contains(Measure.ROWS)) {
      anomalies.look("rows", Quantity.COUNT, m -> Optional.of((double) m.rows()));
    }
    for (String column : columns) {
      if (rule.of().contains(Measure.NULLS)) {
        anomalies.look("nulls in " + column, Quantity.SHARE, m -> shareOfNulls(m, column));
      }
      if (rule.of().contains(Measure.DISTINCT)) {
        anomalies.look(
            "distinct values of " + column,
            Quantity.ESTIMATED_COUNT,
            m -> Optional.ofNullable(m.distinctValues().get(column)).map(Long::doubleValue));
      }
    }
    return new Found(anomalies.asked, new Rows(COLUMNS, anomalies.unusual, false));
  }

  /** Of no rows, no part is null. */
  private static Optional<Double> shareOfNulls(Measurement measured, String column) {
    Long nulls = measured.nulls().get(column);
    return nulls == null || measured.rows() == 0
        ? Optional.empty()
        : Optional.of((double) nulls / measured.rows());
  }

  private void look(
      String name, Quantity quantity, Function<Measurement, Optional<Double>> number) {
    Optional<Double> found = number.apply(now);
    List<Observation> before = new ArrayList<>();
    for (Measurement measured : history) {
      number.apply(measured).ifPresent(n -> before.add(new Observation(measured.at(), n)));
    }
    Optional<Expectation> expected =
        Expectations.of(before, now.at(), quantity, (double) now.rows(), rule.sensitivity());
    asked++;
    if (found.isPresent() && expected.isPresent() && !expected.get().includes(found.get())) {
      unusual.add(
          List.of(
              name,
              text(quantity, found.get()),
              range(quantity, expected.get()),
              (long) expected.get().observations()));
    }
  }

  /** Whole numbers that are within. */
  private static String range(Quantity quantity, Expectation expected) {
    boolean isShare = quantity == Quantity.SHARE;
    double least = isShare ? expected.least() : Math.ceil(expected.least());
    double most = isShare ? expected.most() : Math.floor(expected.most());
    return "%s to %s".formatted(text(quantity, least), text(quantity, Math.max(least, most)));
  }

  private static String text(Quantity quantity, double number) {
    return quantity == Quantity.SHARE
        ? String.format(Locale.ROOT, "%.1f%%", number * 100)
        : String.format(Locale.ROOT, "%,d", Math.round(number));
  }

  /** What was found, in words. */
  static String words(Rows unusual) {
    String named =
        unusual.values().stream()
            .limit(MOST_NAMED)
            .map(row -> "%s: %s where %s were expected (from %s versions)".formatted(row.toArray()))
            .collect(Collectors.joining("; "));
    int others = unusual.values().size() - MOST_NAMED;
    return others > 0 ? "%s; and %d more".formatted(named, others) : named;
  }
}

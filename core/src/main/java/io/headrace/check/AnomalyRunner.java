package io.headrace.check;

import io.headrace.catalog.Measurement;
import io.headrace.catalog.Measurements;
import io.headrace.check.Check.Measure;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Asks whether a version is as those before let expect. What is counted in it is remembered, so
 * that it is counted once.
 */
public final class AnomalyRunner {
  private final Session session;
  private final Measurements measurements;

  /** The session must have the table of the check bound. */
  public AnomalyRunner(Session session, Measurements measurements) {
    this.session = session;
    this.measurements = measurements;
  }

  /**
   * Runs a check.
   *
   * @param data the rows of its table
   * @param version whose rows they are
   * @param environment whose history counts, besides that of {@code main}
   */
  public CheckOutcome run(
      Check check, TableData data, String version, String environment, Cancellation cancel) {
    Check.Anomalies rule = (Check.Anomalies) check.rule();
    TableName table = check.table().orElseThrow();
    List<String> columns =
        rule.columns().isEmpty()
            ? data.schema().columns().stream().map(Column::name).toList()
            : rule.columns();
    Optional<String> unknown =
        columns.stream().filter(name -> data.schema().find(name).isEmpty()).findFirst();
    if (unknown.isPresent()) {
      return failed(check, "'%s' has no column '%s'".formatted(table, unknown.get()));
    }
    try {
      Measurement now = measure(rule, table, columns, version, cancel);
      Anomalies.Found found =
          Anomalies.find(
              rule,
              columns,
              now,
              measurements.history(table, environment, version, rule.history()));
      int failures = found.unusual().values().size();
      boolean passed = check.tolerance().allows(failures, found.asked());
      return new CheckOutcome(
          check,
          passed,
          failures,
          found.asked(),
          failures == 0 ? Optional.empty() : Optional.of(found.unusual()),
          "");
    } catch (CancelledException e) {
      throw e;
    } catch (QueryException e) {
      return failed(check, String.valueOf(e.getMessage()));
    }
  }

  private static CheckOutcome failed(Check check, String why) {
    return new CheckOutcome(check, false, -1, 0, Optional.empty(), why);
  }

  /** Counts what was not counted yet, all of it in one query. */
  private Measurement measure(
      Check.Anomalies rule,
      TableName table,
      List<String> columns,
      String version,
      Cancellation cancel) {
    Measurement known = measurements.find(version).orElseThrow();
    List<String> ofNulls = new ArrayList<>();
    List<String> ofValues = new ArrayList<>();
    for (String column : columns) {
      if (rule.of().contains(Measure.NULLS) && !known.nulls().containsKey(column)) {
        ofNulls.add(column);
      }
      if (rule.of().contains(Measure.DISTINCT) && !known.distinctValues().containsKey(column)) {
        ofValues.add(column);
      }
    }
    if (ofNulls.isEmpty() && ofValues.isEmpty()) {
      return known;
    }
    List<String> counts = new ArrayList<>();
    ofNulls.forEach(column -> counts.add("count(*) - count(%s)".formatted(SqlNames.quote(column))));
    ofValues.forEach(
        column -> counts.add("approx_count_distinct(%s)".formatted(SqlNames.quote(column))));
    String query = "SELECT %s FROM %s".formatted(String.join(", ", counts), SqlNames.quote(table));
    List<Object> counted = session.query(new Query.Select(query), 1, cancel).values().get(0);
    SortedMap<String, Long> nulls = new TreeMap<>();
    SortedMap<String, Long> values = new TreeMap<>();
    for (int i = 0; i < ofNulls.size(); i++) {
      nulls.put(ofNulls.get(i), ((Number) counted.get(i)).longValue());
    }
    for (int i = 0; i < ofValues.size(); i++) {
      values.put(ofValues.get(i), ((Number) counted.get(ofNulls.size() + i)).longValue());
    }
    Measurement measured = known.with(new Measurement(known.at(), known.rows(), nulls, values));
    measurements.record(version, measured);
    return measured;
  }
}

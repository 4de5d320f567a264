package io.headrace.check;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.engine.Session.Rows;
import io.headrace.sql.Subquery;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import java.util.Optional;

/** Asks an engine whether a check holds; where the statistics of the files know, they answer. */
public final class CheckRunner {
  /** How many of the rows that break a check are kept. */
  public static final int SAMPLE_ROWS = 100;

  private final Session session;

  /** The session must have the tables bound that the checks read. */
  public CheckRunner(Session session) {
    this.session = session;
  }

  /**
   * Runs a check.
   *
   * @param violations the query that returns the rows that break it
   * @param table the rows of its own table; empty for a rule
   */
  public CheckOutcome run(
      Check check, String violations, Optional<TableData> table, Cancellation cancel) {
    if (table.isPresent() && holdsByStatistics(check.rule(), table.get())) {
      return new CheckOutcome(check, true, 0, 0, Optional.empty(), "");
    }
    try {
      long failures = count(violations, cancel);
      if (failures == 0) {
        return new CheckOutcome(check, true, 0, 0, Optional.empty(), "");
      }
      Rows sample = session.query(new Query.Select(violations), SAMPLE_ROWS, cancel);
      long own = table.map(TableData::rowCount).orElse(0L);
      long rows = check.rule() instanceof Check.Rejected ? own + failures : own;
      boolean passed = check.tolerance().allows(failures, rows);
      return new CheckOutcome(check, passed, failures, rows, Optional.of(sample), "");
    } catch (CancelledException e) {
      throw e;
    } catch (QueryException e) {
      String hint = e.hint().isEmpty() ? "" : " (" + e.hint() + ")";
      return new CheckOutcome(check, false, -1, 0, Optional.empty(), e.getMessage() + hint);
    }
  }

  private long count(String violations, Cancellation cancel) {
    Rows rows =
        session.query(
            new Query.Select("SELECT count(*) FROM " + Subquery.of(violations) + " AS violations"),
            1,
            cancel);
    return ((Number) rows.values().get(0).get(0)).longValue();
  }

  private static boolean holdsByStatistics(Check.Rule rule, TableData table) {
    if (rule instanceof Check.RowCount count) {
      return table.rowCount() >= count.least() && table.rowCount() <= count.most();
    }
    if (rule instanceof Check.NotNull notNull) {
      return notNull.columns().stream().allMatch(column -> hasNoNulls(table, column));
    }
    return false;
  }

  private static boolean hasNoNulls(TableData table, String name) {
    Optional<Column> column = table.schema().find(name);
    if (column.isEmpty()) {
      return false;
    }
    for (DataFile file : table.files()) {
      DataFile.Statistics statistics = file.statistics().get(column.get().id());
      if (statistics == null || statistics.nullCount() > 0) {
        return false;
      }
    }
    return true;
  }
}

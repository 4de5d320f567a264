package io.headrace.check;

import static java.util.Objects.requireNonNull;

import io.headrace.anomaly.Sensitivity;
import io.headrace.error.Location;
import io.headrace.table.TableName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An assertion on the rows of a table, or of several.
 *
 * @param name how it is called in messages: unique among the checks of a table
 * @param table the table that it was declared on; empty for a rule of {@code checks/}
 * @param rule what must hold
 * @param severity what happens when it does not
 * @param tolerance how many rows may break it
 * @param at where it was declared
 */
public record Check(
    String name,
    Optional<TableName> table,
    Rule rule,
    Severity severity,
    Tolerance tolerance,
    Location at) {
  public Check {
    requireNonNull(name, "name is null");
    requireNonNull(table, "table is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(severity, "severity is null");
    requireNonNull(tolerance, "tolerance is null");
    requireNonNull(at, "at is null");
  }

  /** The check with its table before its name, as messages say it. */
  public String title() {
    return table.map(t -> t + ": " + name).orElse(name);
  }

  /** What a failed check does: an error stops the publish, a warning is recorded. */
  public enum Severity {
    ERROR,
    WARN
  }

  /**
   * How many rows may break a check before it fails.
   *
   * @param rows an absolute number
   * @param fraction or a part of the table's rows, 0 to 1; the larger of both counts
   */
  public record Tolerance(long rows, double fraction) {
    public static final Tolerance NONE = new Tolerance(0, 0);

    public boolean allows(long failures, long tableRows) {
      return failures <= rows || failures <= fraction * tableRows;
    }
  }

  /** What must hold. */
  public sealed interface Rule {}

  /** None of the columns holds a null. */
  public record NotNull(List<String> columns) implements Rule {
    public NotNull {
      columns = List.copyOf(columns);
    }
  }

  /** No two rows agree in all the columns; a row with a null in one of them agrees with none. */
  public record Unique(List<String> columns) implements Rule {
    public Unique {
      columns = List.copyOf(columns);
    }
  }

  /** The column holds nothing but these values, or null. */
  public record AcceptedValues(String column, List<String> values) implements Rule {
    public AcceptedValues {
      values = List.copyOf(values);
    }
  }

  /** Each combination of the columns that has no null is a key of the other table. */
  public record References(List<String> columns, TableName target, List<String> keys)
      implements Rule {
    public References {
      columns = List.copyOf(columns);
      keys = List.copyOf(keys);
    }
  }

  /** The number of rows lies within bounds. */
  public record RowCount(long least, long most) implements Rule {}

  /** The newest value of a date or time column is not older than {@code within}. */
  public record Freshness(String column, Duration within) implements Rule {}

  /** A condition holds on every row; as in SQL, null is not a violation. */
  public record Condition(String sql) implements Rule {}

  /**
   * No more rows are rejected than may be.
   *
   * @param rejected the table of those rows
   */
  public record Rejected(TableName rejected) implements Rule {}

  /**
   * Rows, nulls and distinct values are as the versions before let expect.
   *
   * @param columns that are looked at; empty for all
   * @param history how many versions are looked at
   */
  public record Anomalies(
      Set<Measure> of, List<String> columns, Sensitivity sensitivity, int history) implements Rule {
    public Anomalies {
      of = Collections.unmodifiableSortedSet(new TreeSet<>(of));
      columns = List.copyOf(columns);
    }
  }

  /** What can be unusual. */
  public enum Measure {
    ROWS,
    NULLS,
    DISTINCT
  }

  /** A query returns no rows. */
  public record NoRows(String sql) implements Rule {}
}

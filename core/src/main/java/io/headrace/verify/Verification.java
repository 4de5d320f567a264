package io.headrace.verify;

import static java.util.Objects.requireNonNull;

import io.headrace.diff.Differ.Counts;
import io.headrace.engine.Session.Rows;
import io.headrace.table.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of verifying one table.
 *
 * @param version the version that was verified; empty if the environment has none
 * @param duration how long it took
 */
public record Verification(
    TableName table, Optional<String> version, Result result, Duration duration) {
  public Verification {
    requireNonNull(table, "table is null");
    requireNonNull(version, "version is null");
    requireNonNull(result, "result is null");
    requireNonNull(duration, "duration is null");
  }

  /** Whether nothing speaks against the version: what could not be compared is no failure. */
  public boolean isGood() {
    return result instanceof Same || result instanceof NotComparable;
  }

  /** What was found. */
  public sealed interface Result {}

  /** The rebuild has the same columns and rows, each row as often, in whatever order. */
  public record Same(long rowCount) implements Result {}

  /**
   * The rebuild has other columns or rows.
   *
   * @param rowCount of the stored version
   * @param counts rows that are in the stored version alone (left) and in the rebuild alone (right)
   * @param columns how the columns of the rebuild differ, in words such as {@code + day date}
   * @param first the first rows of one side alone: a column {@code change} says {@code -} for the
   *     stored version and {@code +} for the rebuild
   */
  public record Different(long rowCount, Counts counts, List<String> columns, Rows first)
      implements Result {
    public Different {
      columns = List.copyOf(columns);
    }
  }

  /** There is nothing to compare with; the reason says why, and how to go on if that helps. */
  public record NotComparable(String reason) implements Result {}

  /**
   * Something went wrong on the way.
   *
   * @param hint what to do about it, or empty
   */
  public record Failed(String message, String hint) implements Result {}
}

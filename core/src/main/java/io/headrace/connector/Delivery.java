package io.headrace.connector;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Session.ExportFormat;
import io.headrace.table.Column;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rows on their way to a {@link Target}.
 *
 * <p>They are in files of {@link ExportFormat#QUOTED_CSV}, as text: numbers, {@code true}, {@code
 * false} and uuids as they are written; bytes as {@code \x} and hexadecimal digits; dates and times
 * as {@code 2026-01-31 12:00:00.5}, those with a zone in UTC and with {@code Z} behind them; lists,
 * maps and structs as JSON, with decimals as text.
 *
 * @param version that the target shall hold
 * @param before the version that it held when {@code change} was made
 * @param at when it is delivered
 * @param columns of the rows, in order
 * @param key columns that tell rows apart; empty if none are named
 */
public record Delivery(
    String version,
    Optional<String> before,
    Instant at,
    List<Column> columns,
    List<String> key,
    Change change) {
  public Delivery {
    requireNonNull(version, "version is null");
    requireNonNull(before, "before is null");
    requireNonNull(at, "at is null");
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    requireNonNull(change, "change is null");
  }

  /** What makes the rows of the version of those that are there. */
  public sealed interface Change {
    /** The rows to write. */
    Path rows();
  }

  /** No row stays, where that {@linkplain Target#isReplaceable() can be}. */
  public record Replace(Path rows) implements Change {}

  /** All rows stay. */
  public record Append(Path rows) implements Change {}

  /**
   * Rows of some keys do not stay. Both files are in the order of the keys' texts.
   *
   * @param keys values of the key columns, in their order; each once, with those of {@code rows}
   *     among them
   */
  public record Update(Path keys, Path rows) implements Change {}
}

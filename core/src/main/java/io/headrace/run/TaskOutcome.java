package io.headrace.run;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Version;
import io.headrace.table.TableName;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How a task went.
 *
 * @param version what the table is now, if that is known and its checks passed
 * @param message why it failed or was skipped, or empty
 * @param hint what to do about it, or empty
 */
public record TaskOutcome(
    TableName table,
    Kind kind,
    Optional<String> version,
    Duration duration,
    long rowCount,
    long sizeBytes,
    String message,
    String hint) {

  /** What became of a task. */
  public enum Kind {
    /** Its rows were computed and differ from those that were there. */
    BUILT,
    /** Its rows were computed and are those that were there: nothing downstream need be built. */
    SAME,
    /** Its version was there. */
    REUSED,
    FAILED,
    /** Something that it reads failed. */
    SKIPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public TaskOutcome {
    requireNonNull(table, "table is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(version, "version is null");
    requireNonNull(duration, "duration is null");
    requireNonNull(message, "message is null");
    requireNonNull(hint, "hint is null");
  }

  static TaskOutcome done(
      TableName table, Kind kind, String version, Duration duration, long rows, long bytes) {
    return new TaskOutcome(table, kind, Optional.of(version), duration, rows, bytes, "", "");
  }

  /** The same with what was computed of it, in words. */
  TaskOutcome with(String part) {
    return new TaskOutcome(table, kind, version, duration, rowCount, sizeBytes, part, hint);
  }

  static TaskOutcome reused(Version version, Duration duration) {
    return done(
        version.table(),
        Kind.REUSED,
        version.id(),
        duration,
        version.rowCount(),
        version.sizeBytes());
  }

  static TaskOutcome failed(TableName table, Duration duration, String message, String hint) {
    return new TaskOutcome(table, Kind.FAILED, Optional.empty(), duration, 0, 0, message, hint);
  }

  static TaskOutcome skipped(TableName table, String message) {
    return new TaskOutcome(table, Kind.SKIPPED, Optional.empty(), Duration.ZERO, 0, 0, message, "");
  }

  /** Whether its table can be read and published. */
  public boolean isGood() {
    return kind != Kind.FAILED && kind != Kind.SKIPPED;
  }
}

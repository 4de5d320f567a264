package io.headrace.export;

import io.headrace.project.Export;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of an export.
 *
 * @param version of the table in the environment, if it has one
 * @param rows that were written; in a dry run, those of the version
 * @param message what was written, or why it failed
 * @param hint what to do, if it failed
 */
public record ExportOutcome(
    Export export,
    Kind kind,
    Optional<String> version,
    long rows,
    Duration duration,
    String message,
    String hint) {

  /** What became of it, in a word. */
  public enum Kind {
    /** The version is there now. */
    DELIVERED,
    /** The version was there before. */
    CURRENT,
    /** The version is not there, and this was a dry run. */
    PENDING,
    /** What was there before is there. */
    FAILED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

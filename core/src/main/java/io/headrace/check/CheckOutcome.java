package io.headrace.check;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Session.Rows;
import java.util.Optional;

/**
 * What a check said.
 *
 * @param passed whether no more rows break it than it tolerates
 * @param failures how many rows break it; -1 if it could not be asked
 * @param rows of how many, if that was counted and there are some
 * @param sample some of those rows
 * @param error why it could not be asked, or empty
 */
public record CheckOutcome(
    Check check, boolean passed, long failures, long rows, Optional<Rows> sample, String error) {
  public CheckOutcome {
    requireNonNull(check, "check is null");
    requireNonNull(sample, "sample is null");
    requireNonNull(error, "error is null");
  }

  /** Whether it keeps data from being published. */
  public boolean blocks() {
    return !passed && check.severity() == Check.Severity.ERROR;
  }

  /** What happened, in words. */
  public String message() {
    if (!error.isEmpty()) {
      return "Cannot check '%s': %s".formatted(check.title(), error);
    }
    if (check.rule() instanceof Check.Rejected && !passed) {
      return "%,d of %,d rows are rejected, which breaks '%s'"
          .formatted(failures, rows, check.title());
    }
    if (check.rule() instanceof Check.Anomalies && !passed) {
      return "'%s' finds what is unusual: %s"
          .formatted(check.title(), sample.map(Anomalies::words).orElse(""));
    }
    String broken = failures == 1 ? "1 row breaks" : "%,d rows break".formatted(failures);
    return passed
        ? "'%s' holds".formatted(check.title())
        : "%s '%s'".formatted(broken, check.title());
  }
}

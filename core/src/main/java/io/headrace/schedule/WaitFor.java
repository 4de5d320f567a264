package io.headrace.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What must be there before a tick of the clock is run.
 *
 * @param deadline how long after it is due a tick waits; if empty, until the next one
 * @param runsLate whether a tick is run without what it waits for when its deadline has passed
 */
public record WaitFor(List<Input> inputs, Optional<Duration> deadline, boolean runsLate) {
  public WaitFor {
    inputs = List.copyOf(inputs);
    requireNonNull(deadline, "deadline is null");
  }

  /** One thing that must be there. */
  public sealed interface Input {
    /** In words, as people are told. */
    String text();
  }

  /**
   * A table that somebody has brought up to date, or found to be, since the tick before; other than
   * the schedule itself.
   *
   * @param project that has the environment, if it is another one
   * @param newerThan how long before the tick that may have been, instead of since the tick before
   */
  public record Table(
      Optional<String> project, String environment, String table, Optional<Duration> newerThan)
      implements Input {
    public Table {
      requireNonNull(project, "project is null");
      requireNonNull(environment, "environment is null");
      requireNonNull(table, "table is null");
      requireNonNull(newerThan, "newerThan is null");
    }

    @Override
    public String text() {
      String where = new Watch(project, environment, List.of(table)).source();
      return "table %s%s".formatted(table, where.equals("main") ? "" : " of " + where);
    }
  }

  /**
   * A file, or several.
   *
   * @param pattern of its path; <code>{date}</code> and <code>{time}</code> in it are the tick's
   * @param settle for so long it must not have changed
   */
  public record File(String pattern, Duration settle) implements Input {
    public File {
      requireNonNull(pattern, "pattern is null");
      requireNonNull(settle, "settle is null");
    }

    @Override
    public String text() {
      return "file " + pattern;
    }
  }
}

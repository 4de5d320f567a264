package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.connector.Setting;
import java.time.Duration;
import java.util.Set;

/**
 * Where people are told that something does not work.
 *
 * @param address an HTTP address, or where one is
 * @param on what they are told of
 * @param remind how long until they are told again of what still does not work
 */
public record AlertChannel(
    String name, Format format, Setting address, Set<Kind> on, Duration remind) {
  public static final Duration DEFAULT_REMIND = Duration.ofHours(6);

  public AlertChannel {
    requireNonNull(name, "name is null");
    requireNonNull(format, "format is null");
    requireNonNull(address, "address is null");
    requireNonNull(remind, "remind is null");
    on = Set.copyOf(on);
  }

  /** What is sent. */
  public enum Format {
    /** An object with a key for each thing that is known. */
    WEBHOOK,
    /** An object with a text, as chats take it. */
    SLACK
  }

  /** What people can be told of. */
  public enum Kind {
    /** A run of a schedule failed, or could not begin. */
    FAILED,
    /** Ticks were not run. */
    MISSED,
    /** A run began later than it could. */
    LATE,
    /** What a schedule waits for was not there when its deadline passed. */
    DEADLINE,
    /** A table is older than it may be. */
    STALE,
    /** What did not work does again. */
    RECOVERED
  }
}

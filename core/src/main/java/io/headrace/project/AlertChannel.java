package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.connector.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where people are told that something does not work.
 *
 * @param destination where it goes
 * @param on what they are told of
 * @param remind how long until they are told again of what still does not work
 */
public record AlertChannel(String name, Destination destination, Set<Kind> on, Duration remind) {
  public static final Duration DEFAULT_REMIND = Duration.ofHours(6);

  public AlertChannel {
    requireNonNull(name, "name is null");
    requireNonNull(destination, "destination is null");
    requireNonNull(remind, "remind is null");
    on = Set.copyOf(on);
  }

  /** Where an alert goes, and in which form. */
  public sealed interface Destination {}

  /**
   * An HTTP address that takes an object with a key for each thing that is known.
   *
   * @param address or where it is
   */
  public record Webhook(Setting address) implements Destination {}

  /**
   * An HTTP address that takes an object with a text, as chats do.
   *
   * @param address or where it is
   */
  public record Slack(Setting address) implements Destination {}

  /**
   * A message to people.
   *
   * @param to one or more addresses
   * @param from an address
   * @param server {@code smtp://HOST:PORT}, or {@code smtps://HOST:PORT} where all is encrypted
   *     from the beginning
   * @param user present with a password only
   */
  public record Mail(
      List<String> to, String from, URI server, Optional<String> user, Optional<Setting> password)
      implements Destination {
    public Mail {
      to = List.copyOf(to);
    }
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
    /** A run of a schedule takes longer than its history lets expect. */
    SLOW,
    /** A run of a schedule takes longer than its objective allows. */
    BREACHED,
    /** An objective will be missed, if all goes as before. */
    AT_RISK,
    /** What did not work does again. */
    RECOVERED
  }
}

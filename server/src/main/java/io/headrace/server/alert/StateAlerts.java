package io.headrace.server.alert;

import io.headrace.project.AlertChannel;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.project.Settings;
import io.headrace.server.runs.ServedProject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells channels how things stand that are looked at from time to time: once when something begins
 * to be wrong, and once when it is over. Used by one thread.
 */
final class StateAlerts {
  /** Several servers see the same thing, and one of them tells it. */
  private static final Duration ONCE = Duration.ofMinutes(5);

  private final ServedProject project;
  private final Channels channels;
  private final AlertListener listener;

  /** By channel and subject: whether it was told that something is wrong. */
  private final Map<String, Boolean> told = new HashMap<>();

  /** What was looked at the last time, and this time. */
  private Set<State> before = Set.of();

  private Set<State> seen = new HashSet<>();

  private record State(Kind kind, String subject) {}

  StateAlerts(ServedProject project, Channels channels, AlertListener listener) {
    this.project = project;
    this.channels = channels;
    this.listener = listener;
  }

  /** All was looked at: what no longer is does not stand in any way. */
  void lookedAtAll() {
    before.stream()
        .filter(state -> !seen.contains(state))
        .forEach(state -> listener.stands(project.name(), state.kind(), state.subject(), false));
    before = seen;
    seen = new HashSet<>();
  }

  /** Whether anybody wants to hear of that. */
  static boolean isWanted(Settings settings, Kind kind) {
    return settings.alerts().values().stream().anyMatch(channel -> channel.on().contains(kind));
  }

  /**
   * Something was looked at.
   *
   * @param wrong what is wrong with it, in words, if anything is
   * @param isWorse whether something worse is told of the same subject, so that it is not over
   */
  void tell(Settings settings, Kind kind, String subject, Optional<String> wrong, boolean isWorse) {
    Instant now = project.workspace().clock().instant();
    seen.add(new State(kind, subject));
    listener.stands(project.name(), kind, subject, wrong.isPresent());
    for (AlertChannel channel : settings.alerts().values()) {
      if (channel.on().contains(kind)) {
        tell(
            channel,
            new Alert(project.name(), kind, subject, wrong.orElse(""), now, Optional.empty()),
            wrong.isPresent(),
            isWorse);
      }
    }
  }

  private void tell(AlertChannel channel, Alert alert, boolean isWrong, boolean isWorse) {
    // Each kind is told of by itself.
    String claimed =
        alert.kind() == Kind.STALE
            ? alert.subject()
            : "%s %s".formatted(alert.kind().name().toLowerCase(Locale.ROOT), alert.subject());
    String key = channel.name() + " " + claimed;
    if (isWrong) {
      told.put(key, true);
      Optional<String> claim = channels.claim(channel, claimed);
      if (claim.isPresent()) {
        channels.send(channel, alert, claim);
      }
      return;
    }
    boolean wasTold = told.computeIfAbsent(key, k -> wasToldBefore(channel, claimed));
    told.put(key, false);
    if (wasTold) {
      channels.release(channel, claimed);
    }
    if (wasTold
        && !isWorse
        && channel.on().contains(Kind.RECOVERED)
        && channels.claim(channel, claimed + " again", ONCE).isPresent()) {
      channels.send(channel, alert.recovered(), Optional.empty());
    }
  }

  /** Before this process began: then nobody can claim it now. */
  private boolean wasToldBefore(AlertChannel channel, String subject) {
    return channels.claim(channel, subject, Duration.ofMillis(1)).isEmpty();
  }
}

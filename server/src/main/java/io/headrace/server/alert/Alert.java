package io.headrace.server.alert;

import static java.util.Objects.requireNonNull;

import io.headrace.project.AlertChannel.Kind;
import io.headrace.server.json.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What people are told.
 *
 * @param subject what it is about, such as {@code schedule nightly}
 * @param run that it is about, if it is about one
 */
public record Alert(
    String project, Kind kind, String subject, String message, Instant at, Optional<String> run) {
  public Alert {
    requireNonNull(project, "project is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(subject, "subject is null");
    requireNonNull(message, "message is null");
    requireNonNull(at, "at is null");
    requireNonNull(run, "run is null");
  }

  /** That it is over. */
  Alert recovered() {
    return new Alert(project, Kind.RECOVERED, subject, "", at, run);
  }

  /** Its kind in a word. */
  public String word() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** As webhooks are sent it. */
  public Map<String, @Nullable Object> json() {
    return Json.object(
        "alert", word(),
        "project", project,
        "subject", subject,
        "message", message,
        "at", at,
        "run", run);
  }

  /** In a line, for people. */
  public String text() {
    return "%s: %s %s%s"
        .formatted(project, subject, word(), message.isEmpty() ? "" : ": " + message);
  }
}

package io.headrace.server.ui;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A moment, for people.
 *
 * @param text how far away it is, such as {@code 3 min ago}
 * @param exact on the clock
 * @param at the moment itself
 */
public record When(String text, String exact, Instant at) {
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z", Locale.ROOT);

  static When of(Instant moment, Instant now, ZoneId zone) {
    Duration ago = Duration.between(moment, now);
    boolean isPast = !ago.isNegative();
    String distance = distance(ago.abs());
    String text = ago.abs().toSeconds() < 5 ? "now" : isPast ? distance + " ago" : "in " + distance;
    return new When(text, EXACT.format(moment.atZone(zone)), moment);
  }

  private static String distance(Duration span) {
    if (span.toSeconds() < 60) {
      return span.toSeconds() + " s";
    }
    if (span.toMinutes() < 60) {
      return span.toMinutes() + " min";
    }
    if (span.toHours() < 48) {
      return span.toHours() + " h";
    }
    return span.toDays() + " days";
  }
}

package io.headrace.server.alert;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Version;
import io.headrace.project.AlertChannel;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.project.Freshness;
import io.headrace.project.Settings;
import io.headrace.server.runs.ServedProject;
import io.headrace.table.TableName;
import io.headrace.yaml.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks whether tables of main are older than they may be. All tables of one pattern are one
 * subject. Used by one thread.
 */
final class FreshnessWatch {
  /** Tables that a message names. */
  private static final int MOST_NAMED = 10;

  /** Several servers see the same thing, and one of them tells it. */
  private static final Duration ONCE = Duration.ofMinutes(5);

  private final ServedProject project;
  private final Channels channels;

  /** By channel and subject: whether it was told that something is too old. */
  private final Map<String, Boolean> told = new HashMap<>();

  FreshnessWatch(ServedProject project, Channels channels) {
    this.project = project;
    this.channels = channels;
  }

  void look(Settings settings) {
    List<AlertChannel> interested =
        settings.alerts().values().stream().filter(c -> c.on().contains(Kind.STALE)).toList();
    if (settings.freshness().isEmpty() || interested.isEmpty()) {
      return;
    }
    Instant now = project.workspace().clock().instant();
    Map<Freshness, List<String>> stale = stale(settings.freshness(), now);
    for (Freshness objective : settings.freshness()) {
      List<String> tables = stale.getOrDefault(objective, List.of());
      for (AlertChannel channel : interested) {
        tell(channel, objective, tables, now);
      }
    }
  }

  private Map<Freshness, List<String>> stale(List<Freshness> objectives, Instant now) {
    Catalog catalog = project.workspace().catalog();
    Map<Freshness, Predicate<TableName>> concerned = new LinkedHashMap<>();
    objectives.forEach(objective -> concerned.put(objective, objective.concerned()));
    Map<Freshness, List<String>> stale = new HashMap<>();
    var head = catalog.environments().head(Environment.MAIN).versions();
    Map<String, Version> versions = catalog.versions().findAll(head.values());
    head.forEach(
        (table, id) -> {
          Version version = versions.get(id);
          Optional<Freshness> objective =
              concerned.entrySet().stream()
                  .filter(each -> each.getValue().test(table))
                  .map(Map.Entry::getKey)
                  .findFirst();
          if (version != null
              && objective.isPresent()
              && version.createdAt().plus(objective.get().limit()).isBefore(now)) {
            stale.computeIfAbsent(objective.get(), o -> new ArrayList<>()).add(table.toString());
          }
        });
    return stale;
  }

  private void tell(AlertChannel channel, Freshness objective, List<String> tables, Instant now) {
    String subject = "freshness of " + objective.tables();
    String key = channel.name() + " " + subject;
    if (!tables.isEmpty()) {
      told.put(key, true);
      Optional<String> claim = channels.claim(channel, subject);
      if (claim.isPresent()) {
        channels.send(channel, alert(Kind.STALE, subject, words(objective, tables), now), claim);
      }
      return;
    }
    boolean wasTold = told.computeIfAbsent(key, k -> wasToldBefore(channel, subject));
    told.put(key, false);
    if (wasTold) {
      channels.release(channel, subject);
    }
    if (wasTold
        && channel.on().contains(Kind.RECOVERED)
        && channels.claim(channel, subject + " again", ONCE).isPresent()) {
      channels.send(channel, alert(Kind.RECOVERED, subject, "", now), Optional.empty());
    }
  }

  /** Before this process began: then nobody can claim it now. */
  private boolean wasToldBefore(AlertChannel channel, String subject) {
    return channels.claim(channel, subject, Duration.ofMillis(1)).isEmpty();
  }

  private Alert alert(Kind kind, String subject, String message, Instant now) {
    return new Alert(project.name(), kind, subject, message, now, Optional.empty());
  }

  private static String words(Freshness objective, List<String> tables) {
    int others = tables.size() - MOST_NAMED;
    return "older than %s: %s%s"
        .formatted(
            Durations.format(objective.limit()),
            String.join(", ", tables.subList(0, Math.min(tables.size(), MOST_NAMED))),
            others > 0 ? " and %d others".formatted(others) : "");
  }
}

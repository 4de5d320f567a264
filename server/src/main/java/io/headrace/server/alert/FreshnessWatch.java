package io.headrace.server.alert;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Version;
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
 * Looks whether tables of main are older than they may be, or will be before somebody can build
 * them. All tables of one pattern are one subject. Used by one thread.
 */
final class FreshnessWatch {
  /** Tables that a message names. */
  private static final int MOST_NAMED = 10;

  private final ServedProject project;
  private final StateAlerts states;
  private final UsualAges usual;
  private final NextBuilds builds;

  FreshnessWatch(ServedProject project, StateAlerts states) {
    this.project = project;
    this.states = states;
    this.usual = new UsualAges(project);
    this.builds = new NextBuilds(project);
  }

  void look(Settings settings) {
    if (settings.freshness().isEmpty()) {
      return;
    }
    Instant now = project.workspace().clock().instant();
    Map<Freshness, List<Version>> tables = tables(settings.freshness());
    builds.begin(settings, now);
    for (Freshness objective : settings.freshness()) {
      List<String> stale = new ArrayList<>();
      List<String> atRisk = new ArrayList<>();
      for (Version version : tables.getOrDefault(objective, List.of())) {
        Optional<Instant> limit = limit(objective, version);
        if (limit.isEmpty()) {
          continue;
        }
        if (limit.get().isBefore(now)) {
          stale.add(words(objective, version, limit.get()));
        } else if (objective.limit().isPresent()
            && builds.endOfNext(version).filter(limit.get()::isBefore).isPresent()) {
          atRisk.add(version.table().toString());
        }
      }
      String subject = "freshness of " + objective.tables();
      String age = objective.limit().map(Durations::format).map(l -> l + ": ").orElse("usual: ");
      states.tell(
          settings, Kind.STALE, subject, named(stale).map(t -> "older than " + age + t), false);
      states.tell(
          settings,
          Kind.AT_RISK,
          subject,
          named(atRisk).map(t -> "older than " + age + "before the next run can end: " + t),
          !stale.isEmpty());
    }
  }

  private Map<Freshness, List<Version>> tables(List<Freshness> objectives) {
    Catalog catalog = project.workspace().catalog();
    Map<Freshness, Predicate<TableName>> concerned = new LinkedHashMap<>();
    objectives.forEach(objective -> concerned.put(objective, objective.concerned()));
    Map<Freshness, List<Version>> tables = new HashMap<>();
    var head = catalog.environments().head(Environment.MAIN).versions();
    Map<String, Version> versions = catalog.versions().findAll(head.values());
    head.forEach(
        (table, id) ->
            concerned.entrySet().stream()
                .filter(each -> versions.containsKey(id) && each.getValue().test(table))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(
                    objective ->
                        tables
                            .computeIfAbsent(objective, o -> new ArrayList<>())
                            .add(versions.get(id))));
    return tables;
  }

  /** Until when a table is not too old; empty if nobody can tell. */
  private Optional<Instant> limit(Freshness objective, Version version) {
    Optional<Duration> age =
        objective.limit().isPresent() ? objective.limit() : usual.most(version);
    return age.map(version.createdAt()::plus);
  }

  private static String words(Freshness objective, Version version, Instant limit) {
    Duration age = Duration.between(version.createdAt(), limit);
    return objective.limit().isPresent()
        ? version.table().toString()
        : "%s (%s)"
            .formatted(
                version.table(),
                Durations.format(
                    age.toHours() > 0
                        ? Duration.ofHours(age.toHours())
                        : Duration.ofMinutes(age.toMinutes())));
  }

  private static Optional<String> named(List<String> tables) {
    int others = tables.size() - MOST_NAMED;
    return tables.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(", ", tables.subList(0, Math.min(tables.size(), MOST_NAMED)))
                + (others > 0 ? " and %d others".formatted(others) : ""));
  }
}

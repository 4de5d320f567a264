package io.headrace.project;

import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.schedule.CatchUp;
import io.headrace.schedule.Cron;
import io.headrace.schedule.Cycles;
import io.headrace.schedule.Every;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.schedule.WaitFor;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the schedules of {@code headrace.yaml}, and the pools whose places their runs take. */
final class ScheduleReader {
  static final List<String> KEYS =
      List.of(
          "description",
          "cron",
          "timezone",
          "every",
          "follow",
          "on",
          "settle",
          "at_most",
          "except",
          "on_holiday",
          "wait_for",
          "deadline",
          "late",
          "select",
          "environment",
          "parameters",
          "catch_up",
          "pool",
          "priority",
          "objective");

  static final List<String> OBJECTIVE_KEYS = List.of("duration");

  private static final List<String> TRIGGERS = List.of("cron", "every", "follow", "on");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");
  private static final Map<String, CatchUp> CATCH_UP =
      new TreeMap<>(Map.of("last", CatchUp.LAST, "all", CatchUp.ALL, "none", CatchUp.NONE));
  private static final Duration LEAST_PERIOD = Duration.ofSeconds(1);
  private static final int MOST_PLACES = 1_000;
  private static final int HIGHEST_PRIORITY = 1_000;

  private ScheduleReader() {}

  /**
   * The schedules by name.
   *
   * @param project its name
   * @param calendars of the project
   * @param parameters of the project
   * @param pools of the project
   */
  static SortedMap<String, Schedule> read(
      String project,
      YamlValue value,
      CalendarReader calendars,
      Set<String> parameters,
      Set<String> pools) {
    TriggerReader triggers = new TriggerReader(project);
    SortedMap<String, Schedule> schedules = new TreeMap<>();
    for (Map.Entry<YamlValue, YamlValue> pair : value.pairs()) {
      Optional<String> name = pair.getKey().text();
      if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
        pair.getKey()
            .problem(
                "Invalid name '%s' of a schedule".formatted(name.get()),
                "Use a-z, 0-9, _ and -, and begin with a letter");
        continue;
      }
      YamlMap map = pair.getValue().map(KEYS);
      requireKnown(map, parameters, pools);
      Optional<Trigger> trigger = trigger(map, triggers).map(t -> calendars.apply(t, map));
      Optional<WaitFor> waitFor = triggers.waitFor(map, trigger);
      if (name.isPresent() && trigger.isPresent()) {
        schedules.put(name.get(), schedule(name.get(), trigger.get(), waitFor, map));
      }
    }
    requireNoCycle(value, schedules);
    return schedules;
  }

  private static void requireNoCycle(YamlValue value, SortedMap<String, Schedule> schedules) {
    Cycles.find(schedules.values().stream().map(each -> new Cycles.Member("", each)).toList())
        .ifPresent(
            cycle ->
                value.problem(
                    "Schedules trigger each other for ever: " + Cycles.text(cycle), Cycles.HINT));
  }

  private static void requireKnown(YamlMap map, Set<String> parameters, Set<String> pools) {
    for (Map.Entry<YamlValue, YamlValue> pair :
        map.find("parameters").map(YamlValue::pairs).orElse(List.of())) {
      String name = pair.getKey().text().orElse("");
      if (!parameters.contains(name)) {
        pair.getKey()
            .problem(
                "Unknown parameter '%s'".formatted(name),
                NearestWord.hint(
                    name, parameters, "Declare it: `parameters: {%s: ...}`".formatted(name)));
      }
    }
    map.find("pool")
        .filter(value -> value.isScalar())
        .ifPresent(
            value -> {
              String name = value.text().orElse(Schedule.DEFAULT_POOL);
              if (!name.equals(Schedule.DEFAULT_POOL) && !pools.contains(name)) {
                value.problem(
                    "Unknown pool '%s'".formatted(name),
                    NearestWord.hint(
                        name,
                        pools,
                        "Say how many places it has: `pools: {%s: 2}`".formatted(name)));
              }
            });
  }

  static SortedMap<String, Integer> pools(YamlValue value) {
    SortedMap<String, Integer> pools = new TreeMap<>();
    value
        .entries()
        .forEach(
            (name, places) ->
                places
                    .integer(1, MOST_PLACES)
                    .ifPresent(count -> pools.put(name, Math.toIntExact(count))));
    return pools;
  }

  private static Schedule schedule(
      String name, Trigger trigger, Optional<WaitFor> waitFor, YamlMap map) {
    SortedMap<String, String> parameters = new TreeMap<>();
    map.find("parameters")
        .ifPresent(
            values ->
                values
                    .entries()
                    .forEach(
                        (parameter, value) ->
                            value.text().ifPresent(text -> parameters.put(parameter, text))));
    return new Schedule(
        name,
        map.text("description").orElse(""),
        trigger,
        waitFor,
        map.texts("select"),
        map.text("environment").orElse("main"),
        parameters,
        map.find("catch_up").flatMap(value -> value.oneOf(CATCH_UP)).orElse(CatchUp.LAST),
        map.text("pool").orElse(Schedule.DEFAULT_POOL),
        map.integer("priority", -HIGHEST_PRIORITY, HIGHEST_PRIORITY)
            .map(Math::toIntExact)
            .orElse(0),
        objective(map, trigger));
  }

  private static Optional<Duration> objective(YamlMap map, Trigger trigger) {
    Optional<YamlValue> value = map.find("objective");
    if (value.isPresent() && trigger instanceof Trigger.Follow) {
      value.get().problem("What follows is never over", "Leave `objective` out");
    }
    return value
        .map(v -> v.map(OBJECTIVE_KEYS))
        .flatMap(m -> m.require("duration"))
        .flatMap(YamlValue::duration);
  }

  private static Optional<Trigger> trigger(YamlMap map, TriggerReader triggers) {
    List<String> given = TRIGGERS.stream().filter(map::has).toList();
    if (given.size() != 1) {
      map.problem(
          given.isEmpty()
              ? "A schedule says when it is due"
              : "A schedule has one of %s".formatted(String.join(" and ", given)),
          "Write one of `cron: 30 2 * * *`, `every: 15m`, `follow: 10s` and `on: {tables: [...]}`");
      return Optional.empty();
    }
    Optional<YamlValue> timezone = map.find("timezone");
    if (timezone.isPresent() && !map.has("cron")) {
      timezone
          .get()
          .problem("Only `cron` goes by the clocks of a time zone", "Leave `timezone` out");
    }
    if (!given.get(0).equals("on")) {
      for (String key : List.of("settle", "at_most")) {
        map.find(key)
            .ifPresent(
                value -> value.problem("'%s' belongs to `on`".formatted(key), "Leave it out"));
      }
    }
    return switch (given.get(0)) {
      case "on" -> map.find("on").flatMap(on -> triggers.on(map, on));
      case "cron" -> map.find("cron").flatMap(value -> cron(value, timezone));
      case "every" -> period(map, "every").map(Every::new);
      default -> period(map, "follow").map(Trigger.Follow::new);
    };
  }

  private static Optional<Duration> period(YamlMap map, String key) {
    Optional<Duration> period = map.duration(key);
    if (period.isPresent() && period.get().compareTo(LEAST_PERIOD) < 0) {
      map.find(key)
          .ifPresent(value -> value.problem("That is too often", "Write a second or more"));
      return Optional.empty();
    }
    return period;
  }

  private static Optional<Trigger> cron(YamlValue value, Optional<YamlValue> timezone) {
    Optional<ZoneId> zone =
        timezone.isPresent()
            ? timezone.flatMap(ScheduleReader::zone)
            : Optional.of(ZoneId.of("UTC"));
    Optional<String> text = value.text();
    if (zone.isEmpty() || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Cron.parse(text.get(), zone.get()));
    } catch (HeadraceException e) {
      value.problem(String.valueOf(e.getMessage()), e.hint());
      return Optional.empty();
    }
  }

  private static Optional<ZoneId> zone(YamlValue value) {
    Optional<String> text = value.text();
    try {
      return text.map(ZoneId::of);
    } catch (DateTimeException e) {
      value.problem(
          "Unknown time zone '%s'".formatted(text.orElse("")),
          "Write one such as UTC, Europe/Berlin or America/New_York");
      return Optional.empty();
    }
  }
}

package io.headrace.project;

import io.headrace.error.NearestWord;
import io.headrace.schedule.OnDays;
import io.headrace.schedule.Trigger;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads on which days schedules are not due. */
final class CalendarReader {
  private static final Map<String, Boolean> ON_HOLIDAY =
      new TreeMap<>(Map.of("skip", false, "next_working_day", true));

  private final SortedMap<String, SortedSet<LocalDate>> calendars;

  private CalendarReader(SortedMap<String, SortedSet<LocalDate>> calendars) {
    this.calendars = calendars;
  }

  /** One that knows the calendars of a project. */
  static CalendarReader of(Optional<YamlValue> calendars) {
    SortedMap<String, SortedSet<LocalDate>> known = new TreeMap<>();
    calendars
        .map(YamlValue::entries)
        .orElse(Map.of())
        .forEach(
            (name, days) -> {
              SortedSet<LocalDate> dates = new TreeSet<>();
              days.oneOrMore().forEach(day -> date(day).ifPresent(dates::add));
              known.put(name, dates);
            });
    return new CalendarReader(known);
  }

  private static Optional<LocalDate> date(YamlValue value) {
    Optional<String> text = value.text();
    try {
      return text.map(LocalDate::parse);
    } catch (DateTimeException e) {
      value.problem("'%s' is no date".formatted(text.orElse("")), "Write one such as 2026-12-25");
      return Optional.empty();
    }
  }

  /** The trigger without the days that a schedule leaves out. */
  Trigger apply(Trigger trigger, YamlMap map) {
    Optional<YamlValue> except = map.find("except");
    Optional<YamlValue> moved = map.find("on_holiday");
    if (except.isEmpty()) {
      moved.ifPresent(
          value -> value.problem("There are no holidays", "Name a calendar with `except`"));
      return trigger;
    }
    if (!(trigger instanceof Trigger.Times times)) {
      except.get().problem("Only `cron` and `every` have days", "Leave `except` out");
      return trigger;
    }
    SortedSet<LocalDate> days = new TreeSet<>();
    for (YamlValue name : except.get().oneOrMore()) {
      name.text().ifPresent(text -> days.addAll(calendar(name, text)));
    }
    return new OnDays(times, days, moved.flatMap(v -> v.oneOf(ON_HOLIDAY)).orElse(false));
  }

  private SortedSet<LocalDate> calendar(YamlValue value, String name) {
    SortedSet<LocalDate> calendar = calendars.get(name);
    if (calendar == null) {
      value.problem(
          "Unknown calendar '%s'".formatted(name),
          NearestWord.hint(
              name, calendars.keySet(), "Write `calendars: {%s: [2026-12-25]}`".formatted(name)));
      return new TreeSet<>();
    }
    return calendar;
  }
}

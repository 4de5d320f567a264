package io.headrace.project;

import io.headrace.schedule.Trigger;
import io.headrace.schedule.WaitFor;
import io.headrace.schedule.Watch;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Reads what triggers a schedule besides clocks, and what its ticks wait for. */
final class TriggerReader {
  static final List<String> ON_KEYS = List.of("tables", "environment", "project", "webhook");
  static final List<String> WAIT_KEYS =
      List.of("table", "environment", "project", "newer_than", "file", "settle");

  private static final Pattern TABLES = Pattern.compile("[a-z0-9_.*]+");
  private static final Map<String, Boolean> LATE =
      new TreeMap<>(Map.of("skip", false, "run", true));

  /** As many times `settle` a trigger waits at most, if it does not say. */
  private static final int SETTLES = 10;

  private final String project;

  /**
   * @param project the name of the project whose schedules are read
   */
  TriggerReader(String project) {
    this.project = project;
  }

  /** The trigger that {@code on} stands for. */
  Optional<Trigger> on(YamlMap map, YamlValue on) {
    List<Watch> watches = new ArrayList<>();
    boolean isRequest = false;
    boolean isWhole = true;
    for (YamlValue value : on.oneOrMore()) {
      YamlMap each = value.map(ON_KEYS);
      boolean asks = each.bool("webhook").orElse(false);
      if (asks == each.has("tables")) {
        each.problem(
            "Unclear what a schedule is due on", "Write `tables: [...]` or `webhook: true`");
        isWhole = false;
      } else if (asks) {
        isRequest = true;
      } else {
        watch(each).ifPresent(watches::add);
      }
    }
    if (watches.isEmpty()) {
      requireNone(map, List.of("settle", "at_most"), "Only `on: {tables: ...}` has it");
      return isRequest && isWhole ? Optional.of(new Trigger.OnRequest()) : Optional.empty();
    }
    Duration settle = map.duration("settle").orElse(Duration.ZERO);
    Duration atMost = map.duration("at_most").orElse(settle.multipliedBy(SETTLES));
    if (atMost.compareTo(settle) < 0) {
      map.find("at_most")
          .ifPresent(value -> value.problem("That is shorter than `settle`", "Write more"));
      return Optional.empty();
    }
    return Optional.of(new Trigger.OnTables(watches, settle, atMost));
  }

  private Optional<Watch> watch(YamlMap map) {
    List<String> tables = new ArrayList<>();
    for (YamlValue value : map.find("tables").map(YamlValue::oneOrMore).orElse(List.of())) {
      value.text().filter(text -> isTable(value, text)).ifPresent(tables::add);
    }
    return tables.isEmpty()
        ? Optional.empty()
        : Optional.of(new Watch(other(map), environment(map), tables));
  }

  private static boolean isTable(YamlValue value, String text) {
    boolean isGood = TABLES.matcher(text).matches();
    if (!isGood) {
      value.problem("Invalid table '%s'".formatted(text), "Write a name, or `marts.*`");
    }
    return isGood;
  }

  private static String environment(YamlMap map) {
    return map.text("environment").orElse("main");
  }

  private Optional<String> other(YamlMap map) {
    return map.text("project").filter(Predicate.not(project::equals));
  }

  /** What ticks wait for, if they wait. */
  Optional<WaitFor> waitFor(YamlMap map, Optional<Trigger> trigger) {
    Optional<YamlValue> inputs = map.find("wait_for");
    if (inputs.isEmpty()) {
      requireNone(map, List.of("deadline", "late"), "Say with `wait_for` what it waits for");
      return Optional.empty();
    }
    if (trigger.isPresent() && !(trigger.get() instanceof Trigger.Times)) {
      inputs.get().problem("Only `cron` and `every` wait for something", "Leave `wait_for` out");
    }
    if (!map.has("deadline")) {
      requireNone(map, List.of("late"), "Say with `deadline` when it is late");
    }
    List<WaitFor.Input> found = new ArrayList<>();
    inputs.get().oneOrMore().forEach(value -> input(value).ifPresent(found::add));
    return Optional.of(
        new WaitFor(
            found,
            map.duration("deadline"),
            map.find("late").flatMap(value -> value.oneOf(LATE)).orElse(false)));
  }

  private Optional<WaitFor.Input> input(YamlValue value) {
    YamlMap map = value.map(WAIT_KEYS);
    if (map.has("table") == map.has("file")) {
      map.problem("Unclear what is waited for", "Write `table: NAME` or `file: PATH`");
      return Optional.empty();
    }
    if (map.has("file")) {
      requireNone(
          map, List.of("environment", "project", "newer_than"), "Only a table has it, not a file");
      Duration settle = map.duration("settle").orElse(Duration.ZERO);
      return map.text("file").map(pattern -> new WaitFor.File(pattern, settle));
    }
    requireNone(map, List.of("settle"), "Only a file has it, not a table");
    return map.find("table")
        .flatMap(TriggerReader::table)
        .map(
            table ->
                new WaitFor.Table(other(map), environment(map), table, map.duration("newer_than")));
  }

  private static Optional<String> table(YamlValue value) {
    Optional<String> text = value.text();
    int dot = text.orElse("").lastIndexOf('.');
    boolean isGood =
        text.isPresent()
            && TableName.isValidPart(text.get().substring(dot + 1))
            && (dot < 0 || TableName.isValidPart(text.get().substring(0, dot)));
    if (text.isPresent() && !isGood) {
      value.problem("Invalid table '%s'".formatted(text.get()), "Write the name of one table");
    }
    return text.filter(name -> isGood);
  }

  private static void requireNone(YamlMap map, List<String> keys, String hint) {
    for (String key : keys) {
      map.find(key)
          .ifPresent(value -> value.problem("'%s' says nothing here".formatted(key), hint));
    }
  }
}

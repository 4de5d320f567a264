package io.headrace.check;

import io.headrace.check.Check.Severity;
import io.headrace.check.Check.Tolerance;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the list under {@code checks:}. */
public final class CheckReader {
  private static final String ANOMALIES = "anomalies";

  /** The kinds of check; an entry of the list has one of them as a key. */
  public static final List<String> KINDS =
      List.of(
          "not_null",
          "unique",
          "accepted_values",
          "references",
          "row_count",
          "freshness",
          ANOMALIES,
          "condition",
          "sql");

  /** What an entry may say beside its kind. */
  public static final List<String> MODIFIERS = List.of("name", "severity", "max_failures");

  /** What the body of a kind says, for the kinds whose body has keys. */
  public static final Map<String, List<String>> PARTS =
      Map.of(
          "accepted_values",
          List.of("column", "values"),
          "references",
          List.of("column", "table", "key"),
          "row_count",
          List.of("min", "max"),
          "freshness",
          List.of("column", "within"),
          ANOMALIES,
          AnomaliesReader.KEYS);

  private static final Map<String, Severity> SEVERITIES =
      new java.util.TreeMap<>(Map.of("error", Severity.ERROR, "warn", Severity.WARN));
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,2}(?:\\.\\d+)?|100) *%");

  private static final Pattern ROWS = Pattern.compile("\\d{1,18}");

  private final TableName table;
  private final Set<String> names = new HashSet<>();

  private CheckReader(TableName table) {
    this.table = table;
  }

  /** Reads the checks of {@code table}; mistakes are reported and left out. */
  public static List<Check> read(TableName table, YamlValue list) {
    CheckReader reader = new CheckReader(table);
    List<Check> checks = new ArrayList<>();
    for (YamlValue entry : list.list()) {
      reader.readEntry(entry).ifPresent(checks::add);
    }
    return checks;
  }

  /** Reads {@code severity}. */
  public static Severity severity(YamlMap map) {
    return severity(map, Severity.ERROR);
  }

  private static Severity severity(YamlMap map, Severity unsaid) {
    return map.find("severity").flatMap(value -> value.oneOf(SEVERITIES)).orElse(unsaid);
  }

  /** Reads {@code max_failures}: a number of rows, or a percentage of the table's. */
  public static Tolerance tolerance(YamlMap map) {
    return tolerance(map, "max_failures");
  }

  /** Reads a number of rows, or a percentage of all. */
  public static Tolerance tolerance(YamlMap map, String key) {
    Optional<YamlValue> value = map.find(key);
    if (value.isEmpty()) {
      return Tolerance.NONE;
    }
    Matcher percent = PERCENT.matcher(value.get().isScalar() ? value.get().text().orElse("") : "");
    if (percent.matches()) {
      return new Tolerance(0, Double.parseDouble(percent.group(1)) / 100);
    }
    Matcher rows = ROWS.matcher(value.get().isScalar() ? value.get().text().orElse("") : "");
    if (rows.matches()) {
      return new Tolerance(Long.parseLong(rows.group()), 0);
    }
    value.get().wrongKind("a number of rows, such as 5, or a percentage, such as 0.1%");
    return Tolerance.NONE;
  }

  private Optional<Check> readEntry(YamlValue entry) {
    if (entry.isScalar()) {
      if (entry.text().equals(Optional.of(ANOMALIES))) {
        Check.Rule all = AnomaliesReader.all();
        return Optional.of(check(entry, ANOMALIES, all, Severity.WARN, Tolerance.NONE));
      }
      return entry
          .text()
          .map(sql -> check(entry, sql, new Check.Condition(sql), Severity.ERROR, Tolerance.NONE));
    }
    List<String> known = new ArrayList<>(KINDS);
    known.addAll(MODIFIERS);
    YamlMap map = entry.map(known);
    List<String> kinds = KINDS.stream().filter(map::has).toList();
    if (kinds.size() != 1) {
      if (!kinds.isEmpty() || entry.pairs().isEmpty() || MODIFIERS.stream().anyMatch(map::has)) {
        entry.problem(
            "Wrong check: expected one kind of check, found " + kinds.size(),
            "Write one of " + String.join(", ", KINDS));
      }
      return Optional.empty();
    }
    String kind = kinds.get(0);
    YamlValue body = map.find(kind).orElseThrow();
    return readRule(kind, body)
        .map(
            rule ->
                check(
                    entry,
                    map.text("name").orElseGet(() -> describe(kind, rule)),
                    rule,
                    severity(map, rule instanceof Check.Anomalies ? Severity.WARN : Severity.ERROR),
                    tolerance(map)));
  }

  private Check check(
      YamlValue at, String name, Check.Rule rule, Severity severity, Tolerance tolerance) {
    if (!names.add(name)) {
      at.problem(
          "Duplicate check '%s' on table '%s'".formatted(name, table),
          "Remove one, or give it a `name:` of its own");
    }
    return new Check(name, Optional.of(table), rule, severity, tolerance, at.at());
  }

  private Optional<Check.Rule> readRule(String kind, YamlValue body) {
    List<String> parts = PARTS.getOrDefault(kind, List.of());
    return switch (kind) {
      case "not_null" -> columns(body).map(Check.NotNull::new);
      case "unique" -> columns(body).map(Check.Unique::new);
      case "accepted_values" -> acceptedValues(body.map(parts));
      case "references" -> references(body.map(parts));
      case "row_count" -> rowCount(body.map(parts));
      case "freshness" -> freshness(body.map(parts));
      case ANOMALIES -> AnomaliesReader.read(body.map(parts));
      case "condition" -> body.text().map(Check.Condition::new);
      default -> body.text().map(Check.NoRows::new);
    };
  }

  private static Optional<List<String>> columns(YamlValue body) {
    List<String> columns = body.texts();
    if (columns.isEmpty()) {
      body.problem("No column named", "Name one, or a list: [a, b]");
      return Optional.empty();
    }
    return Optional.of(columns);
  }

  private static Optional<Check.Rule> acceptedValues(YamlMap map) {
    Optional<String> column = map.require("column").flatMap(YamlValue::text);
    Optional<YamlValue> values = map.require("values");
    if (column.isEmpty() || values.isEmpty()) {
      return Optional.empty();
    }
    List<String> literals =
        values.get().list().stream().map(YamlValue::text).flatMap(Optional::stream).toList();
    return Optional.of(new Check.AcceptedValues(column.get(), literals));
  }

  private static Optional<Check.Rule> references(YamlMap map) {
    List<String> columns = map.require("column").map(YamlValue::texts).orElse(List.of());
    Optional<YamlValue> target = map.require("table");
    Optional<String> table = target.flatMap(YamlValue::text);
    List<String> keys = map.has("key") ? map.texts("key") : columns;
    if (table.isEmpty() || columns.isEmpty()) {
      return Optional.empty();
    }
    if (keys.size() != columns.size()) {
      map.problem(
          "Wrong reference: %d columns refer to %d keys".formatted(columns.size(), keys.size()),
          "Give as many keys as columns");
      return Optional.empty();
    }
    try {
      return Optional.of(new Check.References(columns, TableName.parse(table.get()), keys));
    } catch (IllegalArgumentException e) {
      target.get().problem(String.valueOf(e.getMessage()), "Name a table of the project");
      return Optional.empty();
    }
  }

  private static Optional<Check.Rule> rowCount(YamlMap map) {
    if (!map.has("min") && !map.has("max")) {
      map.problem("Missing bounds of row_count", "Write {min: 1}, {max: 100} or both");
      return Optional.empty();
    }
    long least = map.integer("min", 0, Long.MAX_VALUE).orElse(0L);
    long most = map.integer("max", 0, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
    if (least > most) {
      map.problem(
          "Wrong bounds of row_count: min %d is above max %d".formatted(least, most), "Swap them");
      return Optional.empty();
    }
    return Optional.of(new Check.RowCount(least, most));
  }

  private static Optional<Check.Rule> freshness(YamlMap map) {
    Optional<String> column = map.require("column").flatMap(YamlValue::text);
    Optional<java.time.Duration> within = map.require("within").flatMap(YamlValue::duration);
    return column.isPresent() && within.isPresent()
        ? Optional.of(new Check.Freshness(column.get(), within.get()))
        : Optional.empty();
  }

  private static String describe(String kind, Check.Rule rule) {
    if (rule instanceof Check.NotNull notNull) {
      return kind + " " + String.join(", ", notNull.columns());
    }
    if (rule instanceof Check.Unique unique) {
      return kind + " " + String.join(", ", unique.columns());
    }
    if (rule instanceof Check.AcceptedValues accepted) {
      return kind + " " + accepted.column();
    }
    if (rule instanceof Check.References references) {
      return kind + " " + String.join(", ", references.columns()) + " in " + references.target();
    }
    if (rule instanceof Check.RowCount count) {
      String most = count.most() == Long.MAX_VALUE ? "more" : String.valueOf(count.most());
      return "%s %d to %s".formatted(kind, count.least(), most);
    }
    if (rule instanceof Check.Freshness freshness) {
      return kind + " " + freshness.column();
    }
    if (rule instanceof Check.Anomalies anomalies) {
      return anomalies.columns().isEmpty()
          ? kind
          : kind + " " + String.join(", ", anomalies.columns());
    }
    return rule instanceof Check.Condition condition
        ? condition.sql()
        : ((Check.NoRows) rule).sql();
  }
}

package io.headrace.project;

import io.headrace.error.Problems;
import io.headrace.yaml.YamlDocument;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads {@code headrace.yaml}. */
final class SettingsReader {
  /** The name of the file. */
  static final String FILE = "headrace.yaml";

  static final List<String> KEYS =
      List.of(
          "name",
          "description",
          "parameters",
          "defaults",
          "connections",
          "keep",
          "schedules",
          "pools",
          "calendars",
          "alerts",
          "freshness");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private SettingsReader() {}

  /** The settings of a project whose folder is called {@code folder}. */
  static Settings read(String folder, String text, Problems problems) {
    Optional<YamlMap> map = YamlDocument.parse(FILE, text, 1, problems).map(yaml -> yaml.map(KEYS));
    Optional<YamlMap> defaults =
        map.flatMap(m -> m.find("defaults")).map(value -> value.map(Limits.KEYS));
    SortedMap<String, Parameter> parameters =
        parameters(map.flatMap(m -> m.find("parameters")).map(YamlValue::pairs).orElse(List.of()));
    SortedMap<String, Integer> pools =
        map.flatMap(m -> m.find("pools")).map(ScheduleReader::pools).orElse(new TreeMap<>());
    CalendarReader calendars = CalendarReader.of(map.flatMap(m -> m.find("calendars")));
    String name = map.flatMap(m -> m.text("name")).orElse(folder);
    return new Settings(
        name,
        map.flatMap(m -> m.text("description")).orElse(""),
        parameters,
        defaults.map(Limits::read).orElse(Limits.NONE),
        map.flatMap(m -> m.find("connections")).map(ConnectionReader::read).orElse(new TreeMap<>()),
        map.flatMap(m -> m.duration("keep")).orElse(Settings.DEFAULT_KEEP),
        map.flatMap(m -> m.find("schedules"))
            .map(
                value ->
                    ScheduleReader.read(
                        name, value, calendars, parameters.keySet(), pools.keySet()))
            .orElse(new TreeMap<>()),
        pools,
        map.flatMap(m -> m.find("alerts")).map(AlertReader::channels).orElse(new TreeMap<>()),
        map.flatMap(m -> m.find("freshness")).map(AlertReader::freshness).orElse(List.of()));
  }

  private static SortedMap<String, Parameter> parameters(
      List<Map.Entry<YamlValue, YamlValue>> pairs) {
    SortedMap<String, Parameter> parameters = new TreeMap<>();
    for (Map.Entry<YamlValue, YamlValue> pair : pairs) {
      Optional<String> name = pair.getKey().text();
      Optional<String> text = pair.getValue().text();
      if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
        pair.getKey()
            .problem("Invalid parameter name '%s'".formatted(name.get()), "Use letters, 0-9 and _");
      } else if (name.isPresent() && text.isPresent()) {
        Object value = pair.getValue().plain();
        Parameter.Kind kind =
            value instanceof Boolean
                ? Parameter.Kind.BOOLEAN
                : value instanceof Long || value instanceof BigDecimal
                    ? Parameter.Kind.NUMBER
                    : Parameter.Kind.TEXT;
        parameters.put(name.get(), new Parameter(kind, text.get()));
      }
    }
    return parameters;
  }
}

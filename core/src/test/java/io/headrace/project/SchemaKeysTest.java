package io.headrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.AccessReader;
import io.headrace.check.CheckReader;
import io.headrace.error.Problems;
import io.headrace.yaml.YamlDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The published schemas have the keys that the readers know, and so has the reference. */
class SchemaKeysTest {
  private static final Path FOLDER = Path.of("../docs/reference/schemas");
  private static final String[] EMAIL = {
    "properties", "alerts", "additionalProperties", "properties", "email"
  };

  private static final Map<String, List<String>> ACCESS_PARTS =
      Map.of(
          "properties/grants/items", AccessReader.GRANT_KEYS,
          "properties/filters/items", AccessReader.FILTER_KEYS,
          "properties/masks/items", AccessReader.MASK_KEYS,
          "properties/oidc", AccessReader.OIDC_KEYS,
          "properties/sessions", AccessReader.SESSION_KEYS,
          "properties/audit", AccessReader.AUDIT_KEYS);

  @Test
  void haveTheKeysOfTheReaders() {
    assertThat(keys("task"))
        .isEqualTo(
            Stream.of(TaskReader.TASK_KEYS, TaskReader.QUERY_KEYS)
                .flatMap(List::stream)
                .collect(Collectors.toSet()));
    assertThat(keys("source"))
        .isEqualTo(
            Stream.of(TaskReader.TASK_KEYS, TaskReader.SOURCE_KEYS)
                .flatMap(List::stream)
                .collect(Collectors.toSet()));
    Map<?, ?> pages = map(list(at("source", "properties", "pages").get("oneOf")).get(1));
    assertThat(map(pages.get("properties")).keySet()).isEqualTo(Set.copyOf(ApiReader.PAGES_KEYS));
    assertThat(keys("headrace")).isEqualTo(Set.copyOf(SettingsReader.KEYS));
    assertThat(keys("headrace", "properties", "defaults")).isEqualTo(Set.copyOf(Limits.KEYS));
    assertThat(keys("headrace", "properties", "schedules", "additionalProperties"))
        .isEqualTo(Set.copyOf(ScheduleReader.KEYS));
    assertThat(
            keys(
                "headrace",
                "properties",
                "schedules",
                "additionalProperties",
                "properties",
                "objective"))
        .isEqualTo(Set.copyOf(ScheduleReader.OBJECTIVE_KEYS));
    assertThat(keys("headrace", "$defs", "on")).isEqualTo(Set.copyOf(TriggerReader.ON_KEYS));
    assertThat(keys("headrace", "$defs", "input")).isEqualTo(Set.copyOf(TriggerReader.WAIT_KEYS));
    assertThat(keys("headrace", "properties", "alerts", "additionalProperties"))
        .isEqualTo(Set.copyOf(AlertReader.KEYS));
    assertThat(keys("headrace", EMAIL)).isEqualTo(Set.copyOf(AlertReader.EMAIL_KEYS));
    assertThat(keys("test", "$defs", "test")).isEqualTo(Set.copyOf(TestReader.KEYS));
    assertThat(keys("export")).isEqualTo(Set.copyOf(ExportReader.KEYS));
    assertThat(keys("rule")).isEqualTo(Set.copyOf(ProjectReader.RULE_KEYS));
    assertThat(keys("access")).isEqualTo(Set.copyOf(AccessReader.KEYS));
    ACCESS_PARTS.forEach(
        (part, known) -> assertThat(keys("access", part.split("/"))).isEqualTo(Set.copyOf(known)));
  }

  @Test
  void haveTheKeysOfChecks() {
    Map<?, ?> check = at("task", "$defs", "check");
    Map<?, ?> entry = (Map<?, ?>) list(check.get("oneOf")).get(1);
    Map<?, ?> properties = map(entry.get("properties"));
    assertThat(properties.keySet())
        .isEqualTo(
            Stream.of(CheckReader.KINDS, CheckReader.MODIFIERS)
                .flatMap(List::stream)
                .collect(Collectors.toSet()));
    List<?> kinds =
        list(entry.get("oneOf")).stream()
            .map(kind -> list(map(kind).get("required")).get(0))
            .toList();
    assertThat(kinds).isEqualTo(CheckReader.KINDS);
    CheckReader.PARTS.forEach(
        (kind, parts) ->
            assertThat(map(map(properties.get(kind)).get("properties")).keySet())
                .isEqualTo(Set.copyOf(parts)));
  }

  @Test
  void everyKeyIsInTheReference() throws IOException {
    Path reference = FOLDER.resolveSibling("configuration.md");
    assertThat(Files.readString(reference))
        .contains(rows(TaskReader.TASK_KEYS))
        .contains(rows(TaskReader.QUERY_KEYS))
        .contains(rows(TaskReader.SOURCE_KEYS))
        .contains(rows(SettingsReader.KEYS))
        .contains(rows(ScheduleReader.KEYS))
        .contains(rows(TriggerReader.ON_KEYS))
        .contains(rows(TriggerReader.WAIT_KEYS))
        .contains(rows(AlertReader.KEYS))
        .contains(rows(TestReader.KEYS))
        .contains(rows(ExportReader.KEYS));
    assertThat(Files.readString(FOLDER.resolveSibling("access.md")))
        .contains(rows(AccessReader.KEYS))
        .contains(rows(ACCESS_PARTS.values().stream().flatMap(List::stream).toList()));
    String checks = Files.readString(FOLDER.resolveSibling("checks.md"));
    assertThat(checks).contains(rows(CheckReader.MODIFIERS));
    CheckReader.KINDS.forEach(kind -> assertThat(checks).contains("`" + kind + ": "));
    ProjectReader.RULE_KEYS.forEach(key -> assertThat(checks).contains("`" + key + "`"));
  }

  private static List<String> rows(List<String> keys) {
    return keys.stream().map("| `%s` | "::formatted).toList();
  }

  private static Set<?> keys(String schema, String... path) {
    Map<?, ?> part = at(schema, path);
    assertThat(part.get("additionalProperties")).isEqualTo(false);
    return map(part.get("properties")).keySet();
  }

  /** JSON is YAML too, so that no other reader is needed. */
  private static Map<?, ?> at(String schema, String... path) {
    String text = read(FOLDER.resolve(schema + ".schema.json"));
    Object part = YamlDocument.parse(schema, text, 1, new Problems()).orElseThrow().plain();
    for (String step : path) {
      part = map(part).get(step);
    }
    return map(part);
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

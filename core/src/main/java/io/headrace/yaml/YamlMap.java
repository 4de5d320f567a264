package io.headrace.yaml;

import io.headrace.error.Location;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A YAML map with known keys. A key that is missing is not a mistake unless it is required. */
public final class YamlMap {
  private final YamlValue self;
  private final Map<String, YamlValue> values;

  YamlMap(YamlValue self, Map<String, YamlValue> values) {
    this.self = self;
    this.values = new LinkedHashMap<>(values);
  }

  public Location at() {
    return self.at();
  }

  public Optional<YamlValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The value of a key that must be there; reports if it is not. */
  public Optional<YamlValue> require(String key) {
    if (!values.containsKey(key)) {
      self.problem("Missing key '%s'".formatted(key), "Add `%s:` here".formatted(key));
    }
    return find(key);
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public Optional<String> text(String key) {
    return find(key).flatMap(YamlValue::text);
  }

  /** The texts under a key; empty if it is missing. */
  public List<String> texts(String key) {
    return find(key).map(YamlValue::texts).orElse(List.of());
  }

  public Optional<Boolean> bool(String key) {
    return find(key).flatMap(YamlValue::bool);
  }

  public Optional<Long> integer(String key, long least, long most) {
    return find(key).flatMap(value -> value.integer(least, most));
  }

  public Optional<Duration> duration(String key) {
    return find(key).flatMap(YamlValue::duration);
  }

  /** Reports a mistake at this map. */
  public void problem(String message, String hint) {
    self.problem(message, hint);
  }
}

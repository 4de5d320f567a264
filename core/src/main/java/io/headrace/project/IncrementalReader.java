package io.headrace.project;

import io.headrace.error.Location;
import io.headrace.table.KeyRule;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a task says of how it takes in new rows: {@code incremental} and {@code history}. */
final class IncrementalReader {
  static final List<String> APPEND_KEYS = List.of("append", "otherwise");
  static final List<String> KEYED_KEYS =
      List.of("key", "latest_by", "deleted_when", "from", "otherwise");
  static final List<String> HISTORY_KEYS =
      List.of("key", "valid_from", "deleted_when", "track", "from", "otherwise", "missing");

  private IncrementalReader() {}

  static Optional<Task.Incremental> read(YamlMap task) {
    Optional<YamlValue> incremental = task.find("incremental");
    Optional<YamlValue> history = task.find("history");
    if (incremental.isPresent() && history.isPresent()) {
      history
          .get()
          .problem(
              "Both `incremental` and `history`: a table keeps all rows of a key or the latest one",
              "Leave one of them out");
    }
    return history.isPresent()
        ? history.flatMap(IncrementalReader::history)
        : incremental.flatMap(IncrementalReader::incremental);
  }

  private static Optional<Task.Incremental> incremental(YamlValue value) {
    if (value.isScalar()) {
      return value
          .oneOf(Map.of("append", true))
          .map(word -> new Task.Append(Optional.empty(), false, value.at()));
    }
    if (value.entries().containsKey("append")) {
      YamlMap map = value.map(APPEND_KEYS);
      return map.require("append")
          .flatMap(YamlValue::text)
          .map(
              name -> new Task.Append(Optional.of(TableName.parse(name)), refuse(map), value.at()));
    }
    List<String> known = new ArrayList<>(KEYED_KEYS);
    known.add("append");
    return keyed(value.map(known), KeyRule.Kind.LATEST, "latest_by", value.at());
  }

  private static Optional<Task.Incremental> history(YamlValue value) {
    YamlMap map = value.map(HISTORY_KEYS);
    if (!map.has("valid_from")) {
      return snapshots(map, value.at());
    }
    refuse(map, "missing", "with `valid_from` the rows are changes, and a key is in few of them");
    return keyed(map, KeyRule.Kind.HISTORY, "valid_from", value.at());
  }

  private static Optional<Task.Incremental> snapshots(YamlMap map, Location at) {
    List<String> key = map.require("key").map(YamlValue::texts).orElse(List.of());
    String why = "without `valid_from` the query says how things are now, and is read whole";
    refuse(map, "from", why);
    refuse(map, "otherwise", why);
    boolean missingIsGone =
        map.find("missing")
            .flatMap(word -> word.oneOf(Map.of("gone", true, "stays", false)))
            .orElse(true);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    KeyRule rule =
        new KeyRule(
            KeyRule.Kind.HISTORY,
            key,
            List.of(KeyRule.VALID_FROM),
            map.text("deleted_when"),
            map.texts("track"));
    return Optional.of(new Task.Snapshots(rule, missingIsGone, at));
  }

  private static void refuse(YamlMap map, String key, String why) {
    map.find(key)
        .ifPresent(
            value ->
                value.problem("`%s` has no meaning here: %s".formatted(key, why), "Leave it out"));
  }

  private static Optional<Task.Incremental> keyed(
      YamlMap map, KeyRule.Kind kind, String orderKey, Location at) {
    List<String> key = map.require("key").map(YamlValue::texts).orElse(List.of());
    Optional<YamlValue> order = map.require(orderKey);
    List<String> latestBy = order.map(YamlValue::texts).orElse(List.of());
    if (kind == KeyRule.Kind.HISTORY && latestBy.size() > 1) {
      order
          .get()
          .problem(
              "A row is valid from one moment, and these are several columns", "Name one column");
    }
    if (key.isEmpty() || latestBy.isEmpty()) {
      return Optional.empty();
    }
    KeyRule rule = new KeyRule(kind, key, latestBy, map.text("deleted_when"), map.texts("track"));
    return Optional.of(
        new Task.Keyed(rule, map.text("from").map(TableName::parse), refuse(map), at));
  }

  private static boolean refuse(YamlMap map) {
    return map.find("otherwise")
        .flatMap(word -> word.oneOf(Map.of("rebuild", false, "refuse", true)))
        .orElse(false);
  }
}

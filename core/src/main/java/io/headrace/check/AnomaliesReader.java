package io.headrace.check;

import io.headrace.anomaly.Expectations;
import io.headrace.anomaly.Sensitivity;
import io.headrace.check.Check.Measure;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what is said of {@code anomalies}. */
final class AnomaliesReader {
  static final List<String> KEYS = List.of("of", "columns", "sensitivity", "history");

  private static final long MOST_HISTORY = 365;

  private AnomaliesReader() {}

  /** All that can be unusual. */
  static Check.Rule all() {
    return new Check.Anomalies(
        EnumSet.allOf(Measure.class), List.of(), Sensitivity.NORMAL, Expectations.DEFAULT_HISTORY);
  }

  static Optional<Check.Rule> read(YamlMap map) {
    Set<Measure> of = EnumSet.noneOf(Measure.class);
    SortedMap<String, Measure> measures = words(Measure.values());
    map.find("of")
        .ifPresent(all -> all.oneOrMore().forEach(word -> word.oneOf(measures).ifPresent(of::add)));
    Sensitivity sensitivity =
        map.find("sensitivity")
            .flatMap(word -> word.oneOf(words(Sensitivity.values())))
            .orElse(Sensitivity.NORMAL);
    long history =
        map.integer("history", Expectations.LEAST_HISTORY, MOST_HISTORY)
            .orElse((long) Expectations.DEFAULT_HISTORY);
    List<String> columns = map.find("columns").map(YamlValue::texts).orElse(List.of());
    if (!columns.isEmpty() && of.equals(Set.of(Measure.ROWS))) {
      map.problem("Rows are not counted by column", "Remove `columns`, or add nulls or distinct");
    }
    return Optional.of(
        new Check.Anomalies(
            of.isEmpty() ? EnumSet.allOf(Measure.class) : of, columns, sensitivity, (int) history));
  }

  private static <E extends Enum<E>> SortedMap<String, E> words(E[] values) {
    SortedMap<String, E> words = new TreeMap<>();
    Arrays.stream(values).forEach(value -> words.put(value.name().toLowerCase(Locale.ROOT), value));
    return words;
  }
}

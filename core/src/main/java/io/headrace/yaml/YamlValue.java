package io.headrace.yaml;

import io.headrace.error.Location;
import io.headrace.error.NearestWord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value in a YAML text. A method that asks for a kind of value reports a problem and returns
 * empty if the value is of another.
 */
public final class YamlValue {
  private static final String DURATION = "a duration such as 90s, 15m, 2h or 1d";

  private final YamlDocument.Origin origin;
  private final Node node;

  YamlValue(YamlDocument.Origin origin, Node node) {
    this.origin = origin;
    this.node = node;
  }

  public Location at() {
    return origin.at(node);
  }

  /** Reports a mistake at this value. */
  public void problem(String message, String hint) {
    origin.problems().add(at(), message, hint);
  }

  public boolean isMap() {
    return node instanceof MappingNode;
  }

  public boolean isList() {
    return node instanceof SequenceNode;
  }

  public boolean isScalar() {
    return node instanceof ScalarNode;
  }

  /** The text of a scalar as written, whatever its type. */
  public Optional<String> text() {
    return node instanceof ScalarNode scalar && !isNull()
        ? Optional.of(scalar.getValue())
        : wrongKind("a text");
  }

  public Optional<Boolean> bool() {
    return node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)
        ? Optional.of(Boolean.parseBoolean(scalar.getValue().toLowerCase(Locale.ROOT)))
        : wrongKind("true or false");
  }

  /** A whole number within bounds. */
  public Optional<Long> integer(long least, long most) {
    if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.INT)) {
      try {
        long value = Long.parseLong(scalar.getValue());
        if (value >= least && value <= most) {
          return Optional.of(value);
        }
      } catch (NumberFormatException e) {
        // falls through to the report
      }
    }
    String bound = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
    return wrongKind("a whole number, " + bound);
  }

  /** A duration such as {@code 90s}, {@code 15m}, {@code 2h} or {@code 1d}. */
  public Optional<Duration> duration() {
    Optional<Duration> duration =
        node instanceof ScalarNode scalar ? Durations.parse(scalar.getValue()) : Optional.empty();
    if (duration.isPresent()) {
      return duration;
    }
    return wrongKind(DURATION);
  }

  /** A duration, or empty for a word that may be there instead. */
  public Optional<Optional<Duration>> durationOr(String word) {
    Optional<String> text =
        node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    Optional<Duration> duration = text.flatMap(Durations::parse);
    if (duration.isPresent() || text.filter(word::equals).isPresent()) {
      return Optional.of(duration);
    }
    return wrongKind(DURATION + ", or " + word);
  }

  /** One of some words. */
  public <E> Optional<E> oneOf(Map<String, E> words) {
    Optional<String> text = text();
    if (text.isPresent() && !words.containsKey(text.get())) {
      String all = String.join(", ", words.keySet());
      problem(
          "Unknown word '%s'".formatted(text.get()),
          NearestWord.hint(text.get(), words.keySet(), "Write one of " + all));
    }
    return text.map(words::get);
  }

  /** The elements of a list, or the value itself as the only one. */
  public List<YamlValue> oneOrMore() {
    return isList() ? list() : List.of(this);
  }

  /** The texts of a list, or the one text. */
  public List<String> texts() {
    return oneOrMore().stream().map(YamlValue::text).flatMap(Optional::stream).toList();
  }

  /** The elements of a list. */
  public List<YamlValue> list() {
    if (!(node instanceof SequenceNode sequence)) {
      wrongKind("a list");
      return List.of();
    }
    return sequence.getValue().stream().map(this::of).toList();
  }

  /** The entries of a map whose keys the user chooses, in order. */
  public Map<String, YamlValue> entries() {
    Map<String, YamlValue> entries = new LinkedHashMap<>();
    for (Map.Entry<YamlValue, YamlValue> entry : pairs()) {
      entry.getKey().text().ifPresent(key -> entries.put(key, entry.getValue()));
    }
    return entries;
  }

  /** The entries of a map, in order, each key with its place. */
  public List<Map.Entry<YamlValue, YamlValue>> pairs() {
    if (!(node instanceof MappingNode mapping)) {
      if (!isNull()) {
        wrongKind("keys and values");
      }
      return List.of();
    }
    List<Map.Entry<YamlValue, YamlValue>> pairs = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      YamlValue key = of(tuple.getKeyNode());
      if (tuple.getKeyNode() instanceof ScalarNode scalar && !keys.add(scalar.getValue())) {
        key.problem("Duplicate key '%s'".formatted(scalar.getValue()), "Remove one of them");
      }
      pairs.add(Map.entry(key, of(tuple.getValueNode())));
    }
    return pairs;
  }

  /** This map, whose keys must be among {@code known}; each other key is reported. */
  public YamlMap map(List<String> known) {
    Map<String, YamlValue> values = new LinkedHashMap<>();
    for (Map.Entry<YamlValue, YamlValue> pair : pairs()) {
      Optional<String> key = pair.getKey().text();
      if (key.isPresent() && known.contains(key.get())) {
        values.put(key.get(), pair.getValue());
      } else if (key.isPresent()) {
        String all = "Known keys: " + String.join(", ", known);
        pair.getKey()
            .problem(
                "Unknown key '%s'".formatted(key.get()), NearestWord.hint(key.get(), known, all));
      }
    }
    return new YamlMap(this, values);
  }

  /**
   * The value in plain Java: null, Boolean, Long, BigDecimal, Double (only infinities and NaN),
   * String, List or Map.
   */
  public @Nullable Object plain() {
    if (node instanceof SequenceNode) {
      List<@Nullable Object> result = new ArrayList<>();
      list().forEach(element -> result.add(element.plain()));
      return result;
    }
    if (node instanceof MappingNode) {
      Map<String, @Nullable Object> result = new LinkedHashMap<>();
      entries().forEach((key, value) -> result.put(key, value.plain()));
      return result;
    }
    return plainScalar((ScalarNode) node);
  }

  private @Nullable Object plainScalar(ScalarNode scalar) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (isNull()) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return Boolean.parseBoolean(text.toLowerCase(Locale.ROOT));
    }
    if (tag.equals(Tag.INT)) {
      return parse(text, Long::valueOf).orElse(text);
    }
    if (tag.equals(Tag.FLOAT)) {
      return parse(text, BigDecimal::new).orElse(text);
    }
    return text;
  }

  private static Optional<Object> parse(String text, Function<String, Object> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean isNull() {
    return node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.NULL)
        && scalar.getScalarStyle() == ScalarStyle.PLAIN;
  }

  /** Reports that the value is not {@code wanted}; always empty. */
  public <T> Optional<T> wrongKind(String wanted) {
    String found =
        node instanceof ScalarNode scalar
            ? (isNull() ? "nothing" : "'" + scalar.getValue() + "'")
            : Stream.of("a list").filter(w -> isList()).findFirst().orElse("keys and values");
    problem("Wrong value: found " + found, "Write " + wanted);
    return Optional.empty();
  }

  private YamlValue of(Node child) {
    return new YamlValue(origin, child);
  }
}

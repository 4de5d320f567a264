package io.headrace.project;

import io.headrace.connector.Setting;
import io.headrace.project.AlertChannel.Format;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads from {@code headrace.yaml} who is told of what does not work, and how old tables may be.
 */
final class AlertReader {
  static final List<String> KEYS = List.of("webhook", "slack", "on", "remind");

  private static final Duration LEAST_REMIND = Duration.ofMinutes(1);
  private static final Pattern HTTP = Pattern.compile("https?://\\S+");
  private static final Pattern TABLES = Pattern.compile("[A-Za-z0-9_.*]+");
  private static final SortedMap<String, Kind> KINDS = new TreeMap<>();

  static {
    Arrays.stream(Kind.values()).forEach(k -> KINDS.put(k.name().toLowerCase(Locale.ROOT), k));
  }

  private AlertReader() {}

  static SortedMap<String, AlertChannel> channels(YamlValue value) {
    SortedMap<String, AlertChannel> channels = new TreeMap<>();
    value
        .entries()
        .forEach(
            (name, settings) ->
                channel(name, settings).ifPresent(channel -> channels.put(name, channel)));
    return channels;
  }

  private static Optional<AlertChannel> channel(String name, YamlValue value) {
    YamlMap map = value.map(KEYS);
    if (map.has("webhook") == map.has("slack")) {
      map.problem(
          "Unclear where alerts go",
          "Write `webhook: {env: NAME}` or `slack: {env: NAME}`, one of them");
      return Optional.empty();
    }
    Format format = map.has("webhook") ? Format.WEBHOOK : Format.SLACK;
    Optional<Setting> address =
        map.find(map.has("webhook") ? "webhook" : "slack").flatMap(a -> address(a, format));
    Optional<Duration> remind = map.duration("remind");
    if (remind.filter(r -> r.compareTo(LEAST_REMIND) < 0).isPresent()) {
      map.find("remind").ifPresent(r -> r.problem("That is too often", "Write 1m or more"));
    }
    Set<Kind> on = kinds(map.find("on"));
    return address.map(
        a -> new AlertChannel(name, format, a, on, remind.orElse(AlertChannel.DEFAULT_REMIND)));
  }

  /** An address may be a plain text, unless whoever knows it can write to a chat. */
  private static Optional<Setting> address(YamlValue value, Format format) {
    if (value.isMap()) {
      return ConnectionReader.reference(value);
    }
    if (format == Format.SLACK) {
      // The value itself is not repeated: it is a secret.
      value.problem(
          "A secret in the project: 'slack' may only be a reference",
          "Write `slack: {env: NAME}` or `slack: {file: PATH}`, and change the secret");
      return Optional.empty();
    }
    Optional<String> text = value.text();
    if (text.isPresent() && !HTTP.matcher(text.get()).matches()) {
      value.problem("That is no address of HTTP", "Write one such as http://127.0.0.1:9000/alerts");
      return Optional.empty();
    }
    return text.map(Setting.Plain::new);
  }

  private static Set<Kind> kinds(Optional<YamlValue> value) {
    if (value.isEmpty()) {
      return EnumSet.allOf(Kind.class);
    }
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    value.get().oneOrMore().forEach(word -> word.oneOf(KINDS).ifPresent(kinds::add));
    return kinds;
  }

  /** In the order of the file: the first that a table matches counts. */
  static List<Freshness> freshness(YamlValue value) {
    List<Freshness> all = new ArrayList<>();
    for (Map.Entry<YamlValue, YamlValue> pair : value.pairs()) {
      Optional<String> tables = pair.getKey().text();
      if (tables.isPresent() && !TABLES.matcher(tables.get()).matches()) {
        pair.getKey()
            .problem("Invalid table '%s'".formatted(tables.get()), "Write a name, or `marts.*`");
        continue;
      }
      Optional<Duration> limit = pair.getValue().duration();
      if (tables.isPresent() && limit.isPresent()) {
        all.add(new Freshness(tables.get(), limit.get()));
      }
    }
    return all;
  }
}

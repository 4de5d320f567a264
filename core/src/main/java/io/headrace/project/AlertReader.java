package io.headrace.project;

import io.headrace.connector.Setting;
import io.headrace.project.AlertChannel.Destination;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.net.URI;
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
  static final List<String> KEYS = List.of("webhook", "slack", "email", "on", "remind");

  static final List<String> EMAIL_KEYS = List.of("to", "from", "server", "user", "password");

  private static final List<String> DESTINATIONS = List.of("webhook", "slack", "email");
  private static final Pattern MAILBOX = Pattern.compile("[^\\s@<>,;\"]+@[^\\s@<>,;\"]+");
  private static final Pattern SMTP = Pattern.compile("smtps?://[^\\s/?#@]+");
  private static final Duration LEAST_REMIND = Duration.ofMinutes(1);
  private static final Pattern HTTP = Pattern.compile("https?://\\S+");
  private static final Pattern TABLES = Pattern.compile("[A-Za-z0-9_.*]+");
  private static final String USUAL = "usual";
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
    if (DESTINATIONS.stream().filter(map::has).count() != 1) {
      map.problem(
          "Unclear where alerts go",
          "Write `webhook: {env: NAME}`, `slack: {env: NAME}` or `email: ...`, one of them");
      return Optional.empty();
    }
    Optional<Destination> destination =
        map.has("webhook")
            ? map.find("webhook").flatMap(AlertReader::webhook)
            : map.has("slack")
                ? map.find("slack").flatMap(AlertReader::slack)
                : map.find("email").flatMap(AlertReader::mail);
    Optional<Duration> remind = map.duration("remind");
    if (remind.filter(r -> r.compareTo(LEAST_REMIND) < 0).isPresent()) {
      map.find("remind").ifPresent(r -> r.problem("That is too often", "Write 1m or more"));
    }
    Set<Kind> on = kinds(map.find("on"));
    return destination.map(
        to -> new AlertChannel(name, to, on, remind.orElse(AlertChannel.DEFAULT_REMIND)));
  }

  private static Optional<Destination> webhook(YamlValue value) {
    if (value.isMap()) {
      return ConnectionReader.reference(value).map(AlertChannel.Webhook::new);
    }
    Optional<String> text = value.text();
    if (text.isPresent() && !HTTP.matcher(text.get()).matches()) {
      value.problem("That is no address of HTTP", "Write one such as http://127.0.0.1:9000/alerts");
      return Optional.empty();
    }
    return text.map(address -> new AlertChannel.Webhook(new Setting.Plain(address)));
  }

  /** Whoever knows the address can write to the chat. */
  private static Optional<Destination> slack(YamlValue value) {
    return secret(value, "slack").map(AlertChannel.Slack::new);
  }

  private static Optional<Setting> secret(YamlValue value, String key) {
    if (value.isMap()) {
      return ConnectionReader.reference(value);
    }
    // The value itself is not repeated: it is a secret.
    value.problem(
        "A secret in the project: '%s' may only be a reference".formatted(key),
        "Write `%s: {env: NAME}` or `%s: {file: PATH}`, and change the secret".formatted(key, key));
    return Optional.empty();
  }

  private static Optional<Destination> mail(YamlValue value) {
    YamlMap map = value.map(EMAIL_KEYS);
    List<String> to = new ArrayList<>();
    map.require("to")
        .ifPresent(all -> all.oneOrMore().forEach(one -> mailbox(one).ifPresent(to::add)));
    Optional<String> from = map.require("from").flatMap(AlertReader::mailbox);
    Optional<URI> server = map.require("server").flatMap(AlertReader::server);
    Optional<String> user = map.text("user");
    Optional<Setting> password = map.find("password").flatMap(p -> secret(p, "password"));
    if (map.has("user") != map.has("password")) {
      map.problem("Unclear who sends", "Write both `user` and `password`, or none of them");
      return Optional.empty();
    }
    return from.isPresent() && server.isPresent() && !to.isEmpty()
        ? Optional.of(new AlertChannel.Mail(to, from.get(), server.get(), user, password))
        : Optional.empty();
  }

  private static Optional<String> mailbox(YamlValue value) {
    Optional<String> text = value.text();
    if (text.isPresent() && !MAILBOX.matcher(text.get()).matches()) {
      value.problem("That is no address of mail", "Write one such as ops@example.com");
      return Optional.empty();
    }
    return text;
  }

  private static Optional<URI> server(YamlValue value) {
    Optional<String> text = value.text();
    if (text.isPresent() && !SMTP.matcher(text.get()).matches()) {
      value.problem("That is no mail server", "Write one such as smtps://mail.example.com:465");
      return Optional.empty();
    }
    return text.map(URI::create);
  }

  private static Set<Kind> kinds(Optional<YamlValue> value) {
    if (value.isEmpty()) {
      // A guess of statistics is for those who ask for it.
      return EnumSet.complementOf(EnumSet.of(Kind.SLOW));
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
      Optional<Optional<Duration>> limit = pair.getValue().durationOr(USUAL);
      if (tables.isPresent() && limit.isPresent()) {
        all.add(new Freshness(tables.get(), limit.get()));
      }
    }
    return all;
  }
}

package io.headrace.connector.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the header {@code Link} (RFC 8288). */
final class LinkHeader {
  private static final Pattern LINK =
      Pattern.compile("<(?<target>[^>]*)>(?<parameters>(?:[^,\"<]|\"(?:[^\"\\\\]|\\\\.)*+\")*+)");
  private static final Pattern PARAMETER =
      Pattern.compile(
          ";\\s*(?<name>[^\\s=;,\"]+)\\s*"
              + "(?:=\\s*(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"|(?<token>[^\\s;,\"]*)))?");

  private LinkHeader() {}

  /** The target of the relation {@code next}, or empty if there is none. */
  static Optional<String> next(List<String> values) {
    for (String value : values) {
      Matcher links = LINK.matcher(value);
      while (links.find()) {
        if (relations(links.group("parameters").toLowerCase(Locale.ROOT)).contains("next")) {
          return Optional.of(links.group("target"));
        }
      }
    }
    return Optional.empty();
  }

  /** What the first {@code rel} says; others do not count. */
  private static List<String> relations(String parameters) {
    Matcher parameter = PARAMETER.matcher(parameters);
    while (parameter.find()) {
      if (parameter.group("name").equals("rel")) {
        String quoted = parameter.group("quoted");
        String token = parameter.group("token");
        String names = quoted != null ? quoted : token != null ? token : "";
        return List.of(names.strip().split("\\s+"));
      }
    }
    return List.of();
  }
}

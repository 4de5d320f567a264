package io.headrace.catalog.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Names and values in one text, as forms are sent: {@code day=2026-03-01&kind=a+b}. */
final class MapText {
  private MapText() {}

  /** Equal maps have equal texts. */
  static String write(Map<String, String> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(
                value ->
                    URLEncoder.encode(value.getKey(), UTF_8)
                        + "="
                        + URLEncoder.encode(value.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
  }

  static SortedMap<String, String> read(String text) {
    SortedMap<String, String> values = new TreeMap<>();
    if (!text.isEmpty()) {
      for (String pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        values.put(
            URLDecoder.decode(pair.substring(0, equals), UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return values;
  }
}

package io.headrace.connector.http;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How an API gives many rows in parts. */
sealed interface Pages {
  /** What is sent with the first request. */
  default Map<String, String> first() {
    return Map.of();
  }

  /** Where the document says what is asked for next; empty if it does not. */
  default List<String> token() {
    return List.of();
  }

  /** Whether the connector counts, and the API only has to listen. */
  default boolean isCounted() {
    return this instanceof Numbered || this instanceof Offset;
  }

  /** One answer is all. */
  record Single() implements Pages {}

  /** Numbered pages, up to one without rows. */
  record Numbered(String parameter, long begin, Map<String, String> size) implements Pages {
    @Override
    public Map<String, String> first() {
      return plus(size, parameter, Long.toString(begin));
    }
  }

  /** So many rows are passed over, up to where there are no more. */
  record Offset(String parameter, Map<String, String> size) implements Pages {
    @Override
    public Map<String, String> first() {
      return plus(size, parameter, "0");
    }
  }

  /** The document has a token, which is sent with the next request. */
  record Token(String parameter, List<String> token, Map<String, String> size) implements Pages {
    @Override
    public Map<String, String> first() {
      return size;
    }
  }

  /** The document has the address of the next one. */
  record Next(List<String> token, Map<String, String> size) implements Pages {
    @Override
    public Map<String, String> first() {
      return size;
    }
  }

  /** The header {@code Link} has the address of the next one (RFC 8288). */
  record Link(Map<String, String> size) implements Pages {
    @Override
    public Map<String, String> first() {
      return size;
    }
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> more = new TreeMap<>(map);
    more.put(key, value);
    return more;
  }
}

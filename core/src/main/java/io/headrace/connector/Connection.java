package io.headrace.connector;

import io.headrace.error.Location;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How an outside system is reached.
 *
 * @param name by which sources call it
 * @param settings by key; which there are is the connector's business
 * @param at where it is written
 */
public record Connection(String name, SortedMap<String, Setting> settings, Location at) {
  /** How long is waited, how much is asked for at a time, and how the way there is guarded. */
  private static final Pattern MANNER =
      Pattern.compile(
          "(?i).*timeout.*|rate|max_.*|allow_private|ssl.*|security\\.protocol"
              + "|sasl\\.mechanism|tcpkeepalive|application_?name");

  public Connection {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /**
   * The settings that may decide which rows are there. The others only say in which manner they are
   * brought here, so that nothing is made again when they change.
   */
  public SortedMap<String, Setting> deciding() {
    SortedMap<String, Setting> deciding = new TreeMap<>(settings);
    deciding.keySet().removeIf(key -> MANNER.matcher(key).matches());
    return deciding;
  }
}

package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What happened in random histories: if nothing did, they have shown nothing. Safe for many
 * threads.
 */
final class Tally {
  private final SortedMap<String, Integer> counts = new TreeMap<>();
  private final SortedSet<String> deaths = new TreeSet<>();

  synchronized void add(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /** A process died at an operation, of which the kind counts and not the name. */
  synchronized void died(String operation) {
    deaths.add(operation.replaceAll(" of .*| /.*?([.][a-z]+)?$", "$1"));
  }

  /** The kinds of operations at which processes died. */
  synchronized Set<String> deaths() {
    return Set.copyOf(deaths);
  }

  synchronized int of(String what) {
    return counts.getOrDefault(what, 0);
  }

  /** Each of these must have happened once in so many histories at least. */
  void requireOneIn(int every, int histories, String... whats) {
    for (String what : whats) {
      assertThat(of(what)).as("%s in %s", what, this).isGreaterThan(histories / every);
    }
  }

  @Override
  public synchronized String toString() {
    return counts + ", died at " + deaths;
  }
}

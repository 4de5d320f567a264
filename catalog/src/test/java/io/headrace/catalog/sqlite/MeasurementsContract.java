package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Measurement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every {@link io.headrace.catalog.Measurements} must do. */
abstract class MeasurementsContract extends CatalogContract {
  private static Measurement measured(int minute, Map<String, Long> nulls) {
    return new Measurement(
        minute(minute), 10, new TreeMap<>(nulls), new TreeMap<>(Map.of("day", 3L)));
  }

  private List<Instant> history(String environment, String before, int limit) {
    return reopen().measurements().history(A, environment, before, limit).stream()
        .map(Measurement::at)
        .toList();
  }

  @Test
  void whatWasCountedInAVersionIsKept() {
    record(minute(1), Map.of("v1", A));
    assertThat(catalog.measurements().find("v1"))
        .contains(new Measurement(minute(1), 10, new TreeMap<>(), new TreeMap<>()));
    Measurement first = measured(1, Map.of("a column=b&c", 7L));
    catalog.measurements().record("v1", first);
    assertThat(reopen().measurements().find("v1")).contains(first);
    Measurement more = first.with(measured(1, Map.of("other", 1L)));
    catalog.measurements().record("v1", more);
    assertThat(reopen().measurements().find("v1")).contains(more);
    assertThat(more.nulls()).containsOnlyKeys("a column=b&c", "other");
  }

  @Test
  void nothingIsKeptOfAVersionThatIsNotThere() {
    catalog.measurements().record("gone", measured(1, Map.of()));
    assertThat(catalog.measurements().find("gone")).isEmpty();
  }

  @Test
  void historyIsWhatWasPublished() {
    record(minute(1), Map.of("v1", A));
    record(minute(2), Map.of("v2", A));
    record(minute(3), Map.of("v3", A));
    record(minute(4), Map.of("never", A));
    record(minute(5), Map.of("w", B));
    publish(10, "a", null, "v1", "b", null, "w");
    publish(11, "a", "v1", "v2");
    publish(12, "a", "v2", "v1");
    publish(13, "a", "v1", "v3");
    assertThat(history(Environment.MAIN, "new", 9))
        .containsExactly(minute(1), minute(2), minute(3));
    assertThat(history(Environment.MAIN, "new", 2)).containsExactly(minute(2), minute(3));
    assertThat(history(Environment.MAIN, "v3", 9)).containsExactly(minute(1), minute(2));
    assertThat(history(Environment.MAIN, "v1", 9)).isEmpty();
  }

  @Test
  void aSandboxKnowsItsOwnHistoryToo() {
    record(minute(1), Map.of("v1", A));
    record(minute(2), Map.of("v2", A));
    publish(10, "a", null, "v1");
    catalog.environments().create("alice", Optional.empty(), minute(3));
    catalog.environments().publish(publication("alice", minute(11), "a", null, "v2"));
    assertThat(history("alice", "new", 9)).containsExactly(minute(1), minute(2));
    assertThat(history(Environment.MAIN, "new", 9)).containsExactly(minute(1));
  }

  @Test
  void whatIsCollectedIsForgotten() {
    record(minute(1), Map.of("v1", A));
    catalog.measurements().record("v1", measured(1, Map.of()));
    catalog.versions().collect(minute(1_000_000), minute(1_000_000), false);
    assertThat(catalog.versions().find("v1")).isEmpty();
    record(minute(9), Map.of("v1", A));
    assertThat(catalog.measurements().find("v1").orElseThrow().distinctValues()).isEmpty();
  }
}

package io.headrace.server.alert;

import io.headrace.anomaly.Expectations;
import io.headrace.anomaly.Observation;
import io.headrace.anomaly.Quantity;
import io.headrace.anomaly.Sensitivity;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Measurement;
import io.headrace.catalog.Version;
import io.headrace.server.runs.ServedProject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How old versions of a table mostly become before there is another. Used by one thread. */
final class UsualAges {
  private final ServedProject project;

  /** By table: for which version that is known. */
  private final Map<String, Known> known = new HashMap<>();

  UsualAges(ServedProject project) {
    this.project = project;
  }

  private record Known(String version, Optional<Duration> most) {}

  /** How old a version may become without being unusual; empty if too little is known. */
  Optional<Duration> most(Version version) {
    Known last = known.get(version.table().toString());
    if (last == null || !last.version().equals(version.id())) {
      last = new Known(version.id(), find(version));
      known.put(version.table().toString(), last);
    }
    return last.most();
  }

  private Optional<Duration> find(Version version) {
    List<Instant> built =
        new ArrayList<>(
            project
                .workspace()
                .catalog()
                .measurements()
                .history(
                    version.table(), Environment.MAIN, version.id(), Expectations.DEFAULT_HISTORY)
                .stream()
                .map(Measurement::at)
                .toList());
    built.add(version.createdAt());
    List<Observation> gaps = new ArrayList<>();
    for (int i = 1; i < built.size(); i++) {
      Duration gap = Duration.between(built.get(i - 1), built.get(i));
      gaps.add(new Observation(built.get(i), Math.max(0, gap.toMillis() / 1000.0)));
    }
    return Expectations.of(gaps, version.createdAt(), Quantity.GAP, 0, Sensitivity.NORMAL)
        .map(expected -> Duration.ofSeconds(Math.round(expected.most())));
  }
}

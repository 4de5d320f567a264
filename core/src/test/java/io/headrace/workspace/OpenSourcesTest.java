package io.headrace.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Connection;
import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.connector.Staged;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import io.headrace.project.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a source that is asked again and again is opened and closed. */
class OpenSourcesTest {
  private static final Location AT = new Location("tables/a.yaml", 1, 1);
  private static final Task.External EXTERNAL =
      new Task.External(
          "kafka",
          new Connection("local", new TreeMap<>(), AT),
          new TreeMap<>(),
          true,
          List.of(),
          new TreeMap<>(),
          AT);

  private final List<String> told = new ArrayList<>();
  private boolean mayStayOpen = true;
  private boolean isDown;
  private int failures;
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");

  /** One that counts how often it was asked, and fails when it is told. */
  private final class Counting implements Source {
    private int asked;

    @Override
    public List<Position> positions(List<Position> known, boolean afresh, Cancellation cancel) {
      cancel.throwIfRequested();
      if (failures > 0) {
        failures--;
        throw new HeadraceException("broken", "");
      }
      return List.of(new Position("a", Integer.toString(++asked)));
    }

    @Override
    public boolean mayStayOpen() {
      return mayStayOpen;
    }

    @Override
    public List<DeclaredColumn> columns() {
      return List.of();
    }

    @Override
    public Staged read(
        List<Position> after, List<Position> upTo, Path folder, Cancellation cancel) {
      throw new AssertionError("nobody reads");
    }

    @Override
    public void close() {
      told.add("closed");
    }
  }

  private Source open(Task.External external) {
    if (isDown) {
      throw new HeadraceException("nobody there", "");
    }
    told.add("opened");
    return new Counting();
  }

  private static String ask(OpenSources sources) {
    return sources.positions(EXTERNAL, List.of(), false, Cancellation.never()).get(0).value();
  }

  @Test
  void staysOpenForAWhile() {
    try (OpenSources sources = new OpenSources(this::open, () -> now)) {
      assertThat(ask(sources)).isEqualTo("1");
      now = now.plus(Duration.ofSeconds(59));
      assertThat(ask(sources)).isEqualTo("2");
      assertThat(told).containsExactly("opened");
      now = now.plus(Duration.ofSeconds(2));
      assertThat(ask(sources)).isEqualTo("1");
      assertThat(told).containsExactly("opened", "closed", "opened");
    }
    assertThat(told).last().isEqualTo("closed");
  }

  @Test
  void isClosedAtOnceIfItMayNotStayOpen() {
    mayStayOpen = false;
    try (OpenSources sources = new OpenSources(this::open, () -> now)) {
      assertThat(ask(sources)).isEqualTo("1");
      assertThat(ask(sources)).isEqualTo("1");
      assertThat(told).containsExactly("opened", "closed", "opened", "closed");
    }
    assertThat(told).hasSize(4);
  }

  @Test
  void aSourceThatStayedOpenAndFailsIsAskedOnceMoreAfresh() {
    try (OpenSources sources = new OpenSources(this::open, () -> now)) {
      assertThat(ask(sources)).isEqualTo("1");
      failures = 1;
      assertThat(ask(sources)).isEqualTo("1");
      assertThat(told).containsExactly("opened", "closed", "opened");
      failures = 2;
      assertThatThrownBy(() -> ask(sources)).hasMessage("broken");
      assertThat(told).endsWith("opened", "closed");
      // A new one that fails is not asked again.
      failures = 1;
      assertThatThrownBy(() -> ask(sources)).hasMessage("broken");
      isDown = true;
      assertThatThrownBy(() -> ask(sources)).hasMessage("nobody there");
      isDown = false;
      assertThat(ask(sources)).isEqualTo("1");
    }
    assertThat(told.stream().filter("opened"::equals)).hasSize(told.size() / 2);
  }

  @Test
  void oneThatIsCancelledIsNotAskedAgain() {
    Cancellation cancel = new Cancellation();
    cancel.request("over");
    try (OpenSources sources = new OpenSources(this::open, () -> now)) {
      assertThat(ask(sources)).isEqualTo("1");
      assertThatThrownBy(() -> sources.positions(EXTERNAL, List.of(), false, cancel))
          .isInstanceOf(CancelledException.class);
      assertThat(told).containsExactly("opened", "closed");
      assertThat(sources.behind(EXTERNAL, List.of(), cancel)).isEmpty();
    }
  }
}

package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Rewrite;
import io.headrace.catalog.Rewrites;
import io.headrace.catalog.Runs.Run;
import io.headrace.catalog.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link Rewrites} must do. */
abstract class RewritesContract extends CatalogContract {
  private static final String OLD = version("a1", A, T0, "r").metadataLocation();

  private Rewrites rewrites() {
    return catalog.rewrites();
  }

  private static Rewrite rewrite(String before, String after, int minute) {
    return new Rewrite("a1", A, before, after, minute(minute));
  }

  @Test
  void aVersionStaysWhatItIsInAnotherPlace() {
    record(T0, Map.of("a1", A));
    assertThat(rewrites().record(rewrite(OLD, "/wh/new", 1), 500)).isTrue();
    Version moved = reopen().versions().find("a1").orElseThrow();
    Version was = version("a1", A, T0, "r");
    assertThat(moved)
        .isEqualTo(
            new Version(
                "a1", A, "/wh/new", was.rowCount(), 500, was.createdAt(), "r", was.recipe()));
    assertThat(catalog.versions().findBuilt("a1")).contains("a1");
    assertThat(reopen().rewrites().all()).containsExactly(rewrite(OLD, "/wh/new", 1));
  }

  @Test
  void ofTwoOnlyTheFirstCounts() {
    record(T0, Map.of("a1", A));
    assertThat(rewrites().record(rewrite(OLD, "/wh/mine", 1), 500)).isTrue();
    assertThat(reopen().rewrites().record(rewrite(OLD, "/wh/yours", 2), 500)).isFalse();
    assertThat(rewrites().record(rewrite("/wh/mine", "/wh/third", 3), 400)).isTrue();
    assertThat(catalog.versions().find("a1").orElseThrow().metadataLocation())
        .isEqualTo("/wh/third");
    assertThat(rewrites().of(A, T0))
        .containsExactly(rewrite("/wh/mine", "/wh/third", 3), rewrite(OLD, "/wh/mine", 1));
  }

  @Test
  void whatIsGoneIsNotRewritten() {
    assertThat(rewrites().record(rewrite(OLD, "/wh/new", 1), 500)).isFalse();
    assertThat(rewrites().all()).isEmpty();
  }

  @Test
  void aTableHasItsOwnSinceATime() {
    record(T0, Map.of("a1", A));
    rewrites().record(rewrite(OLD, "/wh/new", 1), 500);
    assertThat(rewrites().of(A, minute(1))).hasSize(1);
    assertThat(rewrites().of(A, minute(2))).isEmpty();
    assertThat(rewrites().of(B, T0)).isEmpty();
  }

  @Test
  void oldOnesAreForgotten() {
    record(T0, Map.of("a1", A));
    rewrites().record(rewrite(OLD, "/wh/2", 1), 500);
    rewrites().record(rewrite("/wh/2", "/wh/3", 2), 500);
    assertThat(rewrites().collect(minute(1), minute(60), false)).isEmpty();
    assertThat(rewrites().collect(minute(2), minute(60), true)).hasSize(1);
    assertThat(rewrites().all()).hasSize(2);
    assertThat(rewrites().collect(minute(2), minute(60), false))
        .containsExactly(rewrite(OLD, "/wh/2", 1));
    assertThat(reopen().rewrites().all()).containsExactly(rewrite("/wh/2", "/wh/3", 2));
    assertThat(catalog.versions().find("a1").orElseThrow().metadataLocation()).isEqualTo("/wh/3");
  }

  @Test
  void aLiveRunKeepsThemAll() {
    record(T0, Map.of("a1", A));
    rewrites().record(rewrite(OLD, "/wh/2", 1), 500);
    catalog.runs().start(new Run("r2", Environment.MAIN, T0, ""));
    catalog.runs().heartbeat("r2", minute(60));
    assertThat(rewrites().collect(minute(60), minute(61), false)).isEmpty();
    assertThat(rewrites().collect(minute(60), minute(61).plusSeconds(1), false)).hasSize(1);
  }
}

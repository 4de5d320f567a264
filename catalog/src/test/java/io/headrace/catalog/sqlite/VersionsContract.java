package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs.Run;
import io.headrace.catalog.Runs.State;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.table.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every {@link Versions} must do. */
abstract class VersionsContract extends CatalogContract {

  private Versions versions() {
    return catalog.versions();
  }

  @Test
  void aVersionIsReadBackAsItWasRecorded() {
    record(T0, Map.of("a1", A));
    Version expected = version("a1", A, T0, "r");
    Versions other = reopen().versions();
    assertThat(other.find("a1")).contains(expected);
    assertThat(other.findAll(List.of("a1", "lost"))).isEqualTo(Map.of("a1", expected));
    assertThat(other.findAll(List.of())).isEmpty();
    assertThat(other.findBuilt("a1")).contains("a1");
    assertThat(other.recipe("a1")).contains(recipe("a1"));
    assertThat(other.all()).containsExactly(expected);
    assertThat(other.find("lost")).isEmpty();
    assertThat(other.findBuilt("lost")).isEmpty();
    assertThat(other.recipe("lost")).isEmpty();
  }

  @Test
  void severalFingerprintsMayLeadToOneVersion() {
    record(T0, Map.of("a1", A));
    catalog.leases().tryAcquire("new code", "me", T0, TTL);
    assertThat(versions().recordSame("new code", "a1", recipe("new code"), "me")).isTrue();
    assertThat(versions().findBuilt("new code")).contains("a1");
    assertThat(versions().recipe("new code")).contains(recipe("new code"));
    assertThat(versions().recipe("a1")).contains(recipe("a1"));

    catalog.leases().tryAcquire("newer code", "me", T0, TTL);
    assertThat(versions().recordSame("newer code", "lost", recipe("x"), "me")).isFalse();
  }

  @Test
  void onlyTheHolderOfTheLeaseMayRecord() {
    catalog.leases().tryAcquire("a1", "first", T0, TTL);
    catalog.leases().tryAcquire("a1", "second", T0.plus(TTL), TTL);
    Version mine = version("a1", A, T0, "r");
    assertThat(versions().record("a1", mine, "first")).isFalse();
    assertThat(versions().find("a1")).isEmpty();
    assertThat(versions().record("a1", mine, "second")).isTrue();
    assertThat(versions().recordSame("a1", "a1", recipe("a1"), "first")).isFalse();
    catalog.leases().release("a1", "second");
    assertThat(versions().record("a1", mine, "second")).isFalse();
  }

  @Test
  void aVersionNeverChanges() {
    record(T0, Map.of("a1", A));
    catalog.leases().tryAcquire("a1", "late", T0, TTL);
    Version other = new Version("a1", A, "/wh/other", 1, 1, minute(1), "r2", recipe("other"));
    assertThat(versions().record("a1", other, "late")).isFalse();
    assertThat(versions().find("a1")).contains(version("a1", A, T0, "r"));
    // To say the same again does no harm.
    assertThat(versions().record("a1", version("a1", A, T0, "r"), "late")).isTrue();
  }

  @Test
  void aPlanLearnsInOneReadWhatIsBuilt() {
    record(T0, Map.of("a1", A, "a2", A, "b1", B));
    catalog.leases().tryAcquire("a1 again", "me", T0, TTL);
    versions().recordSame("a1 again", "a1", recipe("x"), "me");
    publish(0, "a", null, "a1", "b", null, "b1");
    assertThat(versions().builtAt(catalog.environments().head("main")))
        .isEqualTo(Map.of("a1", "a1", "a1 again", "a1", "b1", "b1"));

    Map<String, TableName> many = new TreeMap<>();
    for (int i = 0; i < 1_201; i++) {
      many.put("v" + i, A);
    }
    record(T0, many);
    assertThat(versions().findAll(many.keySet())).hasSize(1_201);
  }

  @Test
  void historyIsNewestFirst() {
    record(T0, Map.of("a1", A));
    record(minute(1), Map.of("a2", A, "b1", B));
    record(minute(2), Map.of("a3", A));
    assertThat(versions().history("a", 2)).extracting(Version::id).containsExactly("a3", "a2");
    assertThat(versions().history("none", 2)).isEmpty();
  }

  @Test
  void whatEnvironmentsPointAtOrPointedAtLatelyIsKept() {
    record(T0, Map.of("a1", A, "a2", A, "a3", A, "a4", A, "b1", B, "b2", B, "never", C));
    publish(0, "a", null, "a1", "b", null, "b1");
    publish(10, "a", "a1", "a2");
    publish(20, "a", "a2", "a3");
    publish(30, "a", "a3", "a4", "b", "b1", "b2");

    // At minute 15 the environment was as commit 2 left it: a2 and b1.
    assertThat(collectable(minute(15))).isEqualTo(Set.of("a1", "never"));
    assertThat(collectable(minute(10))).isEqualTo(Set.of("a1", "never"));
    assertThat(collectable(minute(9))).isEqualTo(Set.of("never"));
    assertThat(collectable(minute(29))).isEqualTo(Set.of("a1", "a2", "never"));
    assertThat(collectable(minute(99))).isEqualTo(Set.of("a1", "a2", "a3", "b1", "never"));
    assertThat(collectable(T0.minusSeconds(1))).isEmpty();
  }

  @Test
  void whatNobodyReachesIsForgottenWithItsFingerprints() {
    record(T0, Map.of("a1", A, "a2", A));
    publish(0, "a", null, "a1");
    publish(1, "a", "a1", "a2");
    catalog.leases().tryAcquire("old code", "me", T0, TTL);
    versions().recordSame("old code", "a1", recipe("x"), "me");
    catalog.leases().release("old code", "me");

    List<Version> forgotten = versions().collect(minute(60), minute(60), false);
    assertThat(forgotten).containsExactly(version("a1", A, T0, "r"));
    Versions other = reopen().versions();
    assertThat(other.find("a1")).isEmpty();
    assertThat(other.findBuilt("old code")).isEmpty();
    assertThat(other.recipe("a1")).isEmpty();
    assertThat(other.findBuilt("a2")).contains("a2");
    assertThat(versions().collect(minute(60), minute(60), false)).isEmpty();
  }

  @Test
  void aDryRunForgetsNothing() {
    record(T0, Map.of("a1", A));
    assertThat(versions().collect(minute(60), minute(60), true)).hasSize(1);
    assertThat(versions().find("a1")).isPresent();
  }

  @Test
  void everyEnvironmentCountsUntilItIsDeleted() {
    record(T0, Map.of("a1", A, "a2", A));
    publish(0, "a", null, "a1");
    catalog.environments().create("dev", Optional.of(catalog.environments().head("main")), T0);
    publish(1, "a", "a1", "a2");
    assertThat(collectable(minute(60))).isEmpty();
    catalog.environments().delete("dev");
    assertThat(collectable(minute(60))).isEqualTo(Set.of("a1"));
  }

  @Test
  void pinsProtectFromCollection() {
    record(T0, Map.of("a1", A));
    catalog.environments().pin("a1", T0);
    assertThat(collectable(minute(60))).isEmpty();
    catalog.environments().unpin("a1");
    assertThat(collectable(minute(60))).isEqualTo(Set.of("a1"));
  }

  @Test
  void leasesProtectFromCollectionWhileTheyLast() {
    record(T0, Map.of("a1", A));
    catalog.leases().tryAcquire("a1", "me", minute(59), Duration.ofMinutes(2));
    assertThat(collectable(minute(60))).isEmpty();
    assertThat(collect(minute(61), minute(61))).isEqualTo(Set.of("a1"));
  }

  @Test
  void whatALiveRunBuiltIsKept() {
    record(T0, Map.of("a1", A));
    catalog.runs().start(new Run("r", Environment.MAIN, T0, ""));
    catalog.runs().heartbeat("r", minute(60));
    assertThat(collect(minute(30), minute(61))).isEmpty();
    assertThat(collect(minute(30), minute(61).plusSeconds(1))).isEqualTo(Set.of("a1"));

    catalog.runs().heartbeat("r", minute(61));
    catalog.runs().finish("r", State.FAILED, Optional.empty(), minute(61));
    assertThat(collect(minute(30), minute(61))).isEqualTo(Set.of("a1"));
  }

  @Test
  void whatWasBuiltLatelyIsKeptForTheNextRun() {
    record(minute(10), Map.of("a1", A));
    assertThat(collect(minute(10), minute(60))).isEmpty();
    assertThat(collect(minute(11), minute(60))).isEqualTo(Set.of("a1"));
  }

  private Set<String> collectable(Instant keepSince) {
    return collect(keepSince, minute(60));
  }

  /** Versions were built at T0, so that their age alone keeps none of them. */
  private Set<String> collect(Instant keepSince, Instant now) {
    Set<String> ids = new HashSet<>();
    versions().collect(keepSince, now, true).forEach(version -> ids.add(version.id()));
    return ids;
  }
}

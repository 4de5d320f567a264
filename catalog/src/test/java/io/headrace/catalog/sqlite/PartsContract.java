package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Part;
import io.headrace.catalog.Parts;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Runs.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Parts} must do. */
abstract class PartsContract extends CatalogContract {

  private static Part part(String fingerprint, String location) {
    return new Part(fingerprint, A, location, 3);
  }

  private boolean record(Part part, String run, int minute) {
    catalog.leases().tryAcquire(part.fingerprint(), run, minute(minute), TTL);
    boolean recorded = catalog.parts().record(part, run, minute(minute));
    catalog.leases().release(part.fingerprint(), run);
    return recorded;
  }

  @Test
  void partsAreFoundByFingerprint() {
    assertThat(record(part("p1", "/wh/1"), "r1", 0)).isTrue();
    assertThat(record(part("p2", "/wh/2"), "r1", 0)).isTrue();
    assertThat(reopen().parts().use(List.of("p2", "p3"), "r2", minute(1)))
        .isEqualTo(Map.of("p2", part("p2", "/wh/2")));
    assertThat(catalog.parts().all()).containsExactly(part("p1", "/wh/1"), part("p2", "/wh/2"));
  }

  @Test
  void thePartThatWasMadeLastCounts() {
    record(part("p", "/wh/1"), "r1", 0);
    record(part("p", "/wh/2"), "r2", 1);
    assertThat(catalog.parts().all()).containsExactly(part("p", "/wh/2"));
  }

  @Test
  void nobodyRecordsWithoutTheLease() {
    catalog.leases().tryAcquire("p", "another", T0, TTL);
    assertThat(catalog.parts().record(part("p", "/wh/1"), "r1", T0)).isFalse();
    assertThat(catalog.parts().all()).isEmpty();
  }

  @Test
  void partsAreNoVersions() {
    record(part("p", "/wh/1"), "r1", 0);
    assertThat(catalog.versions().all()).isEmpty();
    assertThat(catalog.versions().findBuilt("p")).isEmpty();
    assertThat(catalog.versions().history("a", 10)).isEmpty();
  }

  @Test
  void forgottenPartsAreGone() {
    record(part("p1", "/wh/1"), "r1", 0);
    record(part("p2", "/wh/2"), "r1", 0);
    catalog.parts().forget(List.of("p1", "none"));
    assertThat(catalog.parts().all()).containsExactly(part("p2", "/wh/2"));
  }

  @Test
  void whatNobodyUsedSinceIsCollected() {
    record(part("old", "/wh/1"), "r1", 0);
    record(part("used", "/wh/2"), "r1", 0);
    record(part("new", "/wh/3"), "r1", 50);
    catalog.parts().use(List.of("used"), "r2", minute(50));
    assertThat(catalog.parts().collect(minute(40), minute(60), true))
        .containsExactly(part("old", "/wh/1"));
    assertThat(catalog.parts().all()).hasSize(3);
    assertThat(catalog.parts().collect(minute(40), minute(60), false))
        .containsExactly(part("old", "/wh/1"));
    assertThat(reopen().parts().all()).extracting(Part::fingerprint).containsExactly("new", "used");
  }

  @Test
  void aLiveRunProtectsThePartsThatItUses() {
    record(part("p", "/wh/1"), "dead", 0);
    catalog.parts().use(List.of("p"), "live", minute(1));
    catalog.runs().start(new Runs.Run("live", "main", T0, ""));
    catalog.runs().heartbeat("live", minute(60));
    assertThat(catalog.parts().collect(minute(60), minute(60), false)).isEmpty();
    catalog.runs().finish("live", State.FAILED, Optional.empty(), minute(60));
    assertThat(catalog.parts().collect(minute(60), minute(60), false)).hasSize(1);
  }

  @Test
  void aLeaseProtectsItsPart() {
    record(part("p", "/wh/1"), "r1", 0);
    catalog.leases().tryAcquire("p", "another", minute(60), TTL);
    assertThat(catalog.parts().collect(minute(60), minute(60), false)).isEmpty();
    assertThat(catalog.parts().collect(minute(60), minute(61), false)).hasSize(1);
  }
}

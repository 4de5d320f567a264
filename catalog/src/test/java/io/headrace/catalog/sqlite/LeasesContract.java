package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Fence;
import io.headrace.catalog.Leases;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every {@link Leases} must do. */
abstract class LeasesContract extends CatalogContract {

  private boolean acquire(String key, String owner, Instant now) {
    return catalog.leases().tryAcquire(key, owner, now, TTL);
  }

  @Test
  void aLeaseHasOneOwner() {
    assertThat(acquire("k", "me", T0)).isTrue();
    assertThat(acquire("k", "you", T0)).isFalse();
    assertThat(reopen().leases().tryAcquire("k", "you", T0, TTL)).isFalse();
    assertThat(acquire("other", "you", T0)).isTrue();
  }

  @Test
  void toTakeALeaseTwiceProlongsIt() {
    acquire("k", "me", T0);
    assertThat(acquire("k", "me", T0.plusSeconds(10))).isTrue();
    assertThat(acquire("k", "you", T0.plus(TTL))).isFalse();
    assertThat(acquire("k", "you", T0.plusSeconds(10).plus(TTL))).isTrue();
  }

  @Test
  void aLeaseThatRanOutCanBeTakenOver() {
    acquire("k", "me", T0);
    assertThat(acquire("k", "you", T0.plus(TTL).minusMillis(1))).isFalse();
    assertThat(acquire("k", "you", T0.plus(TTL))).isTrue();
    assertThat(acquire("k", "me", T0.plus(TTL))).isFalse();
  }

  @Test
  void aClockThatIsSetBackMakesNoLeaseLonger() {
    acquire("k", "dead", T0.plus(Duration.ofHours(1)));
    assertThat(acquire("k", "you", T0)).isFalse();
    assertThat(acquire("k", "you", T0.plus(TTL).minusMillis(1))).isFalse();
    assertThat(acquire("k", "you", T0.plus(TTL))).isTrue();
  }

  @Test
  void aLeaseIsHeldUntilAnotherTakesIt() {
    Fence mine = new Fence("k", "me");
    assertThat(catalog.leases().isHeld(mine)).isFalse();
    acquire("k", "me", T0);
    assertThat(catalog.leases().isHeld(mine)).isTrue();
    acquire("k", "you", T0.plus(TTL));
    assertThat(catalog.leases().isHeld(mine)).isFalse();
    catalog.leases().release("k", "you");
    assertThat(catalog.leases().isHeld(mine)).isFalse();
  }

  @Test
  void aReleasedLeaseIsFree() {
    acquire("k", "me", T0);
    catalog.leases().release("k", "you");
    assertThat(acquire("k", "you", T0)).isFalse();
    catalog.leases().release("k", "me");
    assertThat(acquire("k", "you", T0)).isTrue();
  }

  @Test
  void renewalProlongsAllLeasesOfAnOwnerAndNoOthers() {
    acquire("k1", "me", T0);
    acquire("k2", "me", T0);
    acquire("k3", "you", T0);
    catalog.leases().renew("me", T0.plusSeconds(10), TTL);
    Instant later = T0.plusSeconds(20);
    assertThat(acquire("k1", "third", later)).isFalse();
    assertThat(acquire("k2", "third", later)).isFalse();
    assertThat(acquire("k3", "third", later)).isTrue();
  }

  @Test
  void renewalDoesNotTakeALeaseBack() {
    acquire("k", "me", T0);
    acquire("k", "you", T0.plus(TTL));
    catalog.leases().renew("me", T0.plus(TTL), TTL);
    assertThat(acquire("k", "me", T0.plus(TTL))).isFalse();
  }
}

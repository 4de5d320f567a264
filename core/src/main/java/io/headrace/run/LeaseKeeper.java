package io.headrace.run;

import io.headrace.catalog.Leases;
import io.headrace.error.HeadraceException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the leases of an owner for as long as this process is alive. After its death another takes
 * them over within 12 seconds.
 */
public final class LeaseKeeper implements AutoCloseable {
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(12);
  private static final Duration BEAT = Duration.ofSeconds(3);

  private final Leases leases;
  private final String owner;
  private final Clock clock;
  private final Runnable atEachBeat;
  private final ScheduledExecutorService timer;

  /**
   * Begins to keep what is taken from now on.
   *
   * @param owner whose name nobody else ever has
   * @param atEachBeat done after leases were prolonged
   */
  public LeaseKeeper(Leases leases, String owner, Clock clock, Runnable atEachBeat) {
    this.leases = leases;
    this.owner = owner;
    this.clock = clock;
    this.atEachBeat = atEachBeat;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "headrace-leases");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        timer.scheduleAtFixedRate(
            this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes a lease unless another has it, or finds that it is held. */
  public boolean tryAcquire(String key) {
    return leases.tryAcquire(key, owner, clock.instant(), TIME_TO_LIVE);
  }

  public void release(String key) {
    leases.release(key, owner);
  }

  private void beat() {
    try {
      leases.renew(owner, clock.instant(), TIME_TO_LIVE);
      atEachBeat.run();
    } catch (HeadraceException e) {
      // A beat that fails is made up for by the next; if none succeeds the lease is lost, and
      // recording what was done under it notices that.
    }
  }

  /** Keeps them no longer; those that were not released run out. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}

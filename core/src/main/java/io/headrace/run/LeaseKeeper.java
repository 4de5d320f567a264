package io.headrace.run;

import io.headrace.catalog.Catalog;
import io.headrace.error.HeadraceException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a run's leases and the run itself alive for as long as this process is. After its death
 * another process takes a lease over within {@link #TIME_TO_LIVE}.
 */
final class LeaseKeeper implements AutoCloseable {
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(12);
  private static final Duration BEAT = Duration.ofSeconds(3);

  private final Catalog catalog;
  private final String run;
  private final Clock clock;
  private final ScheduledExecutorService timer;

  LeaseKeeper(Catalog catalog, String run, Clock clock) {
    this.catalog = catalog;
    this.run = run;
    this.clock = clock;
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

  boolean tryAcquire(String fingerprint) {
    return catalog.leases().tryAcquire(fingerprint, run, clock.instant(), TIME_TO_LIVE);
  }

  void release(String fingerprint) {
    catalog.leases().release(fingerprint, run);
  }

  private void beat() {
    try {
      catalog.leases().renew(run, clock.instant(), TIME_TO_LIVE);
      catalog.runs().heartbeat(run, clock.instant());
    } catch (HeadraceException e) {
      // A beat that fails is made up for by the next; if none succeeds the lease is lost, and
      // recording the build notices that.
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

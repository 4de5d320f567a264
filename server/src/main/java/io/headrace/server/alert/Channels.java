package io.headrace.server.alert;

import io.headrace.catalog.Leases;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.project.AlertChannel;
import io.headrace.server.runs.ServedProject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Sends the alerts of a project, those of a channel one after the other, so that a channel that
 * hangs holds no other up. Who was told is a lease, which runs out when it is time to remind. Used
 * by one thread.
 */
final class Channels implements AutoCloseable {
  private static final int MOST_WAITING = 100;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final ServedProject project;
  private final Sender sender;
  private final AlertListener listener;
  private final Cancellation closing = new Cancellation();
  private final Map<String, String> claims = new HashMap<>();
  private final Map<String, ThreadPoolExecutor> threads = new HashMap<>();

  Channels(ServedProject project, Pause pause, AlertListener listener) {
    this.project = project;
    this.sender = new Sender(project.workspace().home(), pause);
    this.listener = listener;
  }

  /** Whether it is time to tell a channel of something; if so, others hear that it was told. */
  Optional<String> claim(AlertChannel channel, String subject) {
    return claim(channel, subject, channel.remind());
  }

  Optional<String> claim(AlertChannel channel, String subject, Duration time) {
    String owner = UUID.randomUUID().toString();
    boolean isClaimed =
        leases()
            .tryAcquire(key(channel, subject), owner, project.workspace().clock().instant(), time);
    if (isClaimed) {
      claims.put(key(channel, subject), owner);
    }
    return isClaimed ? Optional.of(owner) : Optional.empty();
  }

  /** What was told is over: what comes next is told at once. */
  void release(AlertChannel channel, String subject) {
    String owner = claims.remove(key(channel, subject));
    if (owner != null) {
      leases().release(key(channel, subject), owner);
    }
  }

  private static String key(AlertChannel channel, String subject) {
    return "alert %s: %s".formatted(channel.name(), subject);
  }

  private Leases leases() {
    return project.workspace().catalog().leases();
  }

  /**
   * Sends an alert, some time.
   *
   * @param owner of the claim; let go if it cannot be sent, so that there is another occasion
   */
  void send(AlertChannel channel, Alert alert, Optional<String> owner) {
    try {
      threads
          .computeIfAbsent(channel.name(), name -> newThread())
          .execute(() -> sendNow(channel, alert, owner));
    } catch (RejectedExecutionException e) {
      failed(
          channel,
          alert,
          owner,
          new HeadraceException(
              "Cannot send an alert to '%s': too many wait".formatted(channel.name()), ""));
    }
  }

  private static ThreadPoolExecutor newThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "headrace-alert");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private void sendNow(AlertChannel channel, Alert alert, Optional<String> owner) {
    try {
      sender.send(channel, alert, closing);
      listener.sent(alert, channel.name(), Optional.empty());
    } catch (HeadraceException e) {
      failed(channel, alert, owner, e);
    }
  }

  private void failed(
      AlertChannel channel, Alert alert, Optional<String> owner, HeadraceException failure) {
    listener.sent(alert, channel.name(), Optional.of(failure));
    try {
      owner.ifPresent(o -> leases().release(key(channel, alert.subject()), o));
    } catch (HeadraceException e) {
      // Then there is an occasion when it has run out.
    }
  }

  /** Sends what waits, once, and not for long. */
  @Override
  public void close() {
    closing.request("the server stops");
    threads.values().forEach(ThreadPoolExecutor::shutdown);
    long end = System.nanoTime() + LONGEST_STOP.toNanos();
    try {
      for (ThreadPoolExecutor thread : threads.values()) {
        if (!thread.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          thread.shutdownNow();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

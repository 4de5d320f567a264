package io.headrace.server.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedReadsTest {
  private static final int MANY = 5;

  private final SharedReads<Integer> reads = new SharedReads<>();
  private final AtomicInteger count = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final Cancellation never = new Cancellation();

  @Test
  void whoAsksWhileSomebodyReadsSharesWhatIsReadNext() throws Exception {
    FutureTask<Integer> first = start(() -> reads.read("project", this::readSlowly, never));
    begun.await();
    List<FutureTask<Integer>> others = startMany(never);
    mayEnd.countDown();
    assertThat(first.get()).isEqualTo(1);
    for (FutureTask<Integer> other : others) {
      assertThat(other.get()).as("began after it was asked for, and for all of them").isEqualTo(2);
    }
    assertThat(reads.read("project", this::read, never)).as("nothing is kept").isEqualTo(3);
  }

  @Test
  void otherThingsAreReadByThemselves() throws Exception {
    FutureTask<Integer> first = start(() -> reads.read("project", this::readSlowly, never));
    begun.await();
    List<FutureTask<Integer>> others = startMany(never);
    FutureTask<Integer> another = start(() -> reads.read("revision", this::read, never));
    mayEnd.countDown();
    assertThat(first.get()).isEqualTo(1);
    List<Integer> found = new ArrayList<>();
    for (FutureTask<Integer> other : others) {
      found.add(other.get());
    }
    assertThat(found).doesNotContain(another.get());
  }

  @Test
  void whatIsWrongIsSharedToo() throws Exception {
    FutureTask<Integer> first = start(() -> reads.read("project", this::readSlowly, never));
    begun.await();
    List<FutureTask<Integer>> others = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      others.add(
          startAndWait(
              () ->
                  reads.read(
                      "project",
                      () -> {
                        throw new HeadraceException("Mistake " + read(), "Mend it");
                      },
                      never)));
    }
    mayEnd.countDown();
    assertThat(first.get()).isEqualTo(1);
    for (FutureTask<Integer> other : others) {
      assertThatThrownBy(other::get).hasRootCauseMessage("Mistake 2");
    }
  }

  @Test
  void whoIsStoppedWaitsForNobody() throws Exception {
    Cancellation stopped = new Cancellation();
    FutureTask<Integer> first = start(() -> reads.read("project", this::readSlowly, never));
    begun.await();
    List<FutureTask<Integer>> others = startMany(stopped);
    stopped.request("enough");
    for (FutureTask<Integer> other : others) {
      assertThat(other.get()).isGreaterThan(1);
    }
    assertThat(first.isDone()).isFalse();
    mayEnd.countDown();
    assertThat(first.get()).isEqualTo(1);
    assertThat(count).hasValue(MANY + 1);
  }

  private int read() {
    return count.incrementAndGet();
  }

  private int readSlowly() {
    int number = read();
    begun.countDown();
    try {
      mayEnd.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return number;
  }

  private List<FutureTask<Integer>> startMany(Cancellation cancel) throws InterruptedException {
    List<FutureTask<Integer>> others = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      others.add(startAndWait(() -> reads.read("project", this::read, cancel)));
    }
    return others;
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    newThread(task).start();
    return task;
  }

  /** Starts work, and returns when it waits for the one who reads. */
  private static <T> FutureTask<T> startAndWait(Callable<T> work) throws InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = newThread(task);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
    return task;
  }

  private static Thread newThread(Runnable work) {
    Thread thread = new Thread(work, "test-read");
    thread.setDaemon(true);
    return thread;
  }
}

package io.headrace.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.QueryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final long MEMORY = 1000;

  private final Slots slots = new Slots(2, MEMORY);
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch letGo = new CountDownLatch(1);

  @Test
  void workOnLittleDataGoesOnBesideOther() {
    CompletableFuture<String> first = holdInBackground(0);
    assertThat(slots.hold(100, () -> "second")).isEqualTo("second");
    letGo.countDown();
    assertThat(first.join()).isEqualTo("first");
  }

  @Test
  void workOnMuchDataWaitsForTheMemory() {
    CompletableFuture<String> first = holdInBackground(0);
    CompletableFuture<String> large =
        CompletableFuture.supplyAsync(() -> slots.hold(MEMORY, noted("large")));
    letGo.countDown();
    large.join();
    first.join();
    assertThat(done).containsExactly("first", "large");
  }

  @Test
  void whatRunsOutOfMemoryBesideOtherWorkIsDoneAgainAlone() {
    CompletableFuture<String> first = holdInBackground(0);
    AtomicInteger attempts = new AtomicInteger();
    String result =
        slots.hold(
            0,
            () -> {
              if (attempts.incrementAndGet() == 1) {
                letGo.countDown();
                throw outOfMemory();
              }
              return noted("again").get();
            });
    assertThat(result).isEqualTo("again");
    assertThat(first.join()).isEqualTo("first");
    assertThat(done).containsExactly("first", "again");
  }

  @Test
  void whatRunsOutOfMemoryAloneFails() {
    AtomicInteger attempts = new AtomicInteger();
    Supplier<String> work =
        () -> {
          attempts.incrementAndGet();
          throw outOfMemory();
        };
    assertThatThrownBy(() -> slots.hold(0, work)).isInstanceOf(QueryException.class);
    assertThat(attempts).hasValue(1);
    assertThat(slots.hold(MEMORY, () -> "all slots are free")).isEqualTo("all slots are free");
  }

  private CompletableFuture<String> holdInBackground(long bytes) {
    CompletableFuture<String> result =
        CompletableFuture.supplyAsync(
            () ->
                slots.hold(
                    bytes,
                    () -> {
                      held.countDown();
                      await(letGo);
                      return noted("first").get();
                    }));
    await(held);
    return result;
  }

  private Supplier<String> noted(String name) {
    return () -> {
      done.add(name);
      return name;
    };
  }

  private static QueryException outOfMemory() {
    return new QueryException("out of memory", "", -1, true, null);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

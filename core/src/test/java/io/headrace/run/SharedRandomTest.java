package io.headrace.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedRandomTest {
  private static final int NUMBERS = 1_000_000;

  @Test
  void noTwoThreadsAreGivenTheSame() {
    SharedRandom random = new SharedRandom(new SplittableRandom(7));
    Set<Long> given = ConcurrentHashMap.newKeySet();
    // The numbers of this generator do not repeat for much longer than this.
    IntStream.range(0, NUMBERS).parallel().forEach(i -> given.add(random.nextLong()));
    assertThat(given).hasSize(NUMBERS);
  }
}

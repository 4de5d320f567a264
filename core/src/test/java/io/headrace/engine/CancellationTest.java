package io.headrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final Cancellation cancellation = new Cancellation();
  private final List<String> heard = new ArrayList<>();

  @Test
  void aListenerHearsOfARequestOnce() {
    try (Cancellation.Registration registration = cancellation.onRequest(() -> heard.add("a"))) {
      cancellation.request("stop");
      cancellation.request("again");
    }
    assertThat(heard).containsExactly("a");
    assertThat(cancellation.reason()).isEqualTo("stop");
  }

  @Test
  void aListenerThatComesLateHearsAtOnce() {
    cancellation.request("stop");
    cancellation.onRequest(() -> heard.add("late")).close();
    assertThat(heard).containsExactly("late");
  }

  @Test
  void aClosedRegistrationHearsNothing() {
    cancellation.onRequest(() -> heard.add("a")).close();
    cancellation.request("stop");
    assertThat(heard).isEmpty();
  }

  @Test
  void aChildFollowsItsParentButNotTheOtherWayRound() {
    try (Cancellation.Child one = cancellation.child();
        Cancellation.Child two = cancellation.child()) {
      one.cancellation().request("timed out");
      assertThat(cancellation.isRequested()).isFalse();
      cancellation.request("stop");
      assertThat(two.cancellation().reason()).isEqualTo("stop");
      assertThat(one.cancellation().reason()).isEqualTo("timed out");
    }
  }

  @Test
  void throwsOnlyIfRequested() {
    cancellation.throwIfRequested();
    cancellation.request("stop");
    assertThatThrownBy(cancellation::throwIfRequested)
        .isInstanceOf(CancelledException.class)
        .hasMessage("stop");
  }
}

package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Fence;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Requests.Asked;
import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Tick;
import io.headrace.error.ConflictException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link io.headrace.catalog.Requests} must do. */
abstract class RequestsContract extends CatalogContract {
  private static final Fence MINE = new Fence("schedule s", "me");

  @BeforeEach
  void takeTheLease() {
    catalog.leases().tryAcquire(MINE.key(), MINE.owner(), T0, TTL);
  }

  private Request ask(String schedule, int minute, String key, String value) {
    return catalog
        .requests()
        .ask(
            new Asked(
                schedule,
                Optional.of(key).filter(text -> !text.isEmpty()),
                new TreeMap<>(Map.of("a name", value)),
                "ada",
                minute(minute)));
  }

  private static Tick tick(int number) {
    return Tick.begun("s", number, Occasion.at(minute(number)), 0, minute(number));
  }

  @Test
  void whatIsAskedForWaitsInItsOrder() {
    Request one = ask("s", 1, "", "x=1&y");
    Request other = ask("s", 1, "", "");
    Request third = ask("t", 2, "", "ä");
    assertThat(one.asked().parameters()).containsEntry("a name", "x=1&y");
    assertThat(reopen().requests().waiting("s")).containsExactly(one, other);
    assertThat(catalog.requests().waiting("t")).containsExactly(third);
    assertThat(catalog.requests().waiting()).containsExactly("s", "t");
    assertThat(catalog.requests().waiting("u")).isEmpty();
  }

  @Test
  void theSameKeyIsTheSameRequest() {
    Request one = ask("s", 1, "k", "x");
    assertThat(ask("s", 2, "k", "x")).isEqualTo(one);
    assertThat(ask("t", 2, "k", "y").id()).isNotEqualTo(one.id());
    assertThatThrownBy(() -> ask("s", 3, "k", "y"))
        .isInstanceOf(ConflictException.class)
        .hasMessage(
            "Cannot ask schedule 's' for a run: key 'k' was used at 2026-03-01T10:01:00Z for other"
                + " parameters");
    assertThat(catalog.requests().waiting("s")).containsExactly(one);
  }

  @Test
  void aTickTakesRequestsWhenItBegins() {
    catalog.schedules().keep("s", minute(0));
    Request one = ask("s", 1, "k", "x");
    Request other = ask("s", 1, "", "y");
    Request later = ask("s", 2, "", "x");
    assertThat(catalog.schedules().record(tick(1), List.of(one.id(), later.id()), MINE)).isTrue();
    assertThat(reopen().requests().waiting("s")).containsExactly(other);
    assertThat(catalog.requests().of("s", 1))
        .extracting(Request::id)
        .containsExactly(one.id(), later.id());
    assertThat(ask("s", 9, "k", "x").tick()).contains(1L);
    assertThat(catalog.schedules().record(tick(2), List.of(one.id()), MINE)).isTrue();
    assertThat(catalog.requests().of("s", 2)).isEmpty();
  }

  @Test
  void whoLostTheLeaseTakesNothing() {
    catalog.schedules().keep("s", minute(0));
    Request one = ask("s", 1, "", "x");
    catalog.leases().tryAcquire(MINE.key(), "you", T0.plus(TTL), TTL);
    assertThat(catalog.schedules().record(tick(1), List.of(one.id()), MINE)).isFalse();
    assertThat(catalog.requests().waiting("s")).containsExactly(one);
  }

  @Test
  void onlyWhatWasTakenIsForgotten() {
    catalog.schedules().keep("s", minute(0));
    Request taken = ask("s", 1, "k", "x");
    Request waits = ask("s", 1, "", "y");
    catalog.schedules().record(tick(1), List.of(taken.id()), MINE);
    catalog.requests().forget(minute(1));
    assertThat(catalog.requests().of("s", 1)).hasSize(1);
    catalog.requests().forget(minute(2));
    assertThat(catalog.requests().of("s", 1)).isEmpty();
    assertThat(catalog.requests().waiting("s")).containsExactly(waits);
  }
}

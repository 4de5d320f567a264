package io.headrace.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.error.OutcomeUnknownException;
import io.headrace.error.UsageException;
import org.junit.jupiter.api.Test;

class StatusesTest {
  @Test
  void eachKindOfErrorHasItsStatus() {
    assertThat(Statuses.of(new UsageException("wrong", ""))).isEqualTo(400);
    assertThat(Statuses.of(new ConflictException("somebody was first", ""))).isEqualTo(409);
    assertThat(Statuses.of(new HeadraceException("it cannot be done", ""))).isEqualTo(422);
  }

  /** The request was good, and whoever sends it again at once may have it done twice. */
  @Test
  void anUnknownOutcomeIsAFailureOfTheServerThatInvitesNoRepetition() {
    assertThat(
            Statuses.of(
                new OutcomeUnknownException(
                    "Nobody knows", "Look first", new IllegalStateException("gone"))))
        .isEqualTo(500);
  }
}

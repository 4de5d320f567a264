package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.connector.http.TestApi.Reply;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an API that drops repetitions holds, whatever happens on the way, and what is noted of it.
 */
@Timeout(60)
class BrokenDeliveryTest extends OnReceiver {
  @Test
  void aRefusalNamesTheRowsAndGoesOnBehindThoseThatWereTaken() {
    receiver()
        .before(
            request ->
                request.body().contains("n3")
                    ? Optional.of(Reply.of(422, "text/plain", "note:\n too \u0007short"))
                    : Optional.empty());
    assertThatThrownBy(() -> deliver(first(FIVE, "id"), "batch=2"))
        .isInstanceOf(HeadraceException.class)
        .hasMessage(
            "Cannot deliver to 'shop': %s/rows: it answers with 422: note: too short (rows 3 to 4 of the delivery, id 2 to 3)"
                .formatted(receiver().url()));
    assertThat(receiver().batches()).hasSize(2);
    assertThat(held()).isEmpty();
    assertThat(begun()).contains(new Target.Begun(List.of("v1"), true));
    receiver().before(request -> Optional.empty());
    // Other batches are no matter: what was refused is not there.
    assertThat(deliver(first(FIVE, "id"), "batch=1")).contains(3L);
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
    assertThat(begun()).isEmpty();
  }

  @Test
  void whatIsRefusedAtOnceWasNeverBegun() {
    receiver().before(request -> Optional.of(Reply.of(404, "text/plain", "")));
    assertThatThrownBy(() -> deliver(first(FIVE), "version=/note"))
        .hasMessageContaining("404 (not found) (rows 1 to 5 of the delivery)");
    assertThat(begun("version=/note")).isEmpty();
    receiver().before(request -> Optional.empty());
    Delivery other = reading().all("v2", Optional.empty(), FIVE);
    assertThat(deliver(other, "version=/note")).contains(5L);
    assertThat(receiver().rows()).hasSize(5);
  }

  @Test
  void whatMayBeThereIsSentInTheSamePieces() {
    receiver()
        .after(
            request -> {
              throw new IllegalStateException("The receiver dies behind the batch");
            });
    assertThatThrownBy(() -> deliver(first(FIVE), "batch=3"))
        .hasMessageEndingWith("(rows 1 to 3 of the delivery)");
    assertThat(begun()).contains(new Target.Begun(List.of("v1"), false));
    receiver().after(request -> Optional.empty());
    assertThat(deliver(first(FIVE), "batch=1")).contains(5L);
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
    assertThat(receiver().batches()).hasSize(8);
  }

  @Test
  void theApiItselfSaysWhatItHolds() throws IOException {
    assertThat(deliver(first(FIVE), "version=/note")).contains(5L);
    assertThat(receiver().noted()).contains("\"version\":\"v1\"").contains("\"begun\":[]");
    // Nobody here remembers it.
    forget();
    assertThat(held("version=/note")).contains("v1");
    receiver().write("{\"version\": \"v7\", \"by\": {\"name\": \"ada\"}}");
    assertThat(held("version=/note")).contains("v7");
    Delivery late = reading().all("v2", Optional.of("v1"), FIVE);
    assertThat(deliver(late, "version=/note")).isEmpty();
    receiver().write("<html>");
    assertThatThrownBy(() -> held("version=/note"))
        .hasMessageContaining("/note: what it says is no note of an export");
  }

  @Test
  void anotherMachineGoesOnWithTheSameKeys() throws IOException {
    receiver()
        .after(
            request -> {
              if (request.body().contains("n3")) {
                throw new IllegalStateException("The receiver dies behind the batch");
              }
              return Optional.empty();
            });
    assertThatThrownBy(() -> deliver(first(FIVE), "version=/note", "batch=2"))
        .isInstanceOf(HeadraceException.class);
    assertThat(receiver().noted()).contains("\"version\":\"\",\"begun\":[\"v1\"]");
    forget();
    receiver().after(request -> Optional.empty());
    assertThat(begun("version=/note")).contains(new Target.Begun(List.of("v1"), false));
    assertThat(deliver(first(FIVE), "version=/note", "batch=2")).contains(5L);
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
  }

  @Test
  void anApiThatKeepsOnlyTheVersionWillDo() throws IOException {
    receiver()
        .before(
            request -> {
              receiver().write("{\"version\": \"\"}");
              return request.body().contains("n3")
                  ? Optional.of(Reply.of(400, "text/plain", ""))
                  : Optional.empty();
            });
    assertThatThrownBy(() -> deliver(first(FIVE), "version=/note", "batch=2"))
        .isInstanceOf(HeadraceException.class);
    assertThat(begun("version=/note")).contains(new Target.Begun(List.of("v1"), true));
    receiver().before(request -> Optional.empty());
    assertThat(deliver(first(FIVE), "version=/note", "batch=2")).contains(3L);
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
  }

  @Test
  void ofSeveralAtOnceOneDelivers() throws Exception {
    List<Callable<Optional<Long>>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(() -> deliver(first(FIVE), "batch=1"));
    }
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    int won = 0;
    try {
      for (Future<Optional<Long>> each : threads.invokeAll(all)) {
        won += each.get().isPresent() ? 1 : 0;
      }
    } finally {
      threads.shutdown();
    }
    assertThat(won).isEqualTo(1);
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
  }

  @Test
  void aCancelledDeliveryGoesOn() {
    Cancellation cancel = new Cancellation();
    receiver()
        .after(
            request -> {
              cancel.request("enough");
              return Optional.empty();
            });
    try (Target target = reading().target("/rows", "batch=2")) {
      assertThatThrownBy(() -> target.deliver(first(FIVE), cancel))
          .isInstanceOf(CancelledException.class);
    }
    assertThat(deliver(first(FIVE), "batch=2")).isPresent();
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
  }

  private void forget() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("memory"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}

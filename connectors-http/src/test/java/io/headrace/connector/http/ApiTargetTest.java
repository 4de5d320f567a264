package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.connector.http.TestApi.Reply;
import io.headrace.connector.http.TestApi.Request;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent to an API. */
@Timeout(60)
class ApiTargetTest extends OnReceiver {
  @Test
  void bringsBatchesAndKnowsWhatIsThere() {
    assertThat(held()).isEmpty();
    assertThat(deliver(first(FIVE), "batch=2")).contains(5L);
    assertThat(held()).contains("v1");
    assertThat(begun()).isEmpty();
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
    assertThat(receiver().batches())
        .extracting(Request::method, Request::body, each -> each.header("Content-Type"))
        .first()
        .isEqualTo(
            tuple(
                "POST",
                "[{\"id\":0,\"note\":\"n0\"},{\"id\":1,\"note\":\"n1\"}]",
                "application/json; charset=UTF-8"));
    assertThat(keys()).hasSize(3).doesNotHaveDuplicates().allMatch(key -> key.length() == 32);
  }

  @Test
  void linesOfJsonAndOtherMethods() {
    assertThat(deliver(first(FIVE), "format=ndjson", "method=PUT")).contains(5L);
    Request only = receiver().batches().get(0);
    assertThat(only.method()).isEqualTo("PUT");
    assertThat(only.header("Content-Type")).isEqualTo("application/x-ndjson; charset=UTF-8");
    assertThat(only.body()).isEqualTo(String.join("\n", rows(0, 5)) + "\n");
  }

  @Test
  void cutsBatchesOfLongRows() {
    String sql = "SELECT range AS id, repeat('x', 3000000) AS note FROM range(4)";
    assertThat(deliver(first(sql))).contains(4L);
    assertThat(receiver().batches()).hasSize(2);
    assertThat(receiver().rows()).hasSize(4);
  }

  @Test
  void deletesWhatIsGoneAtAnAddressOfItsOwn() {
    Optional<Long> unused = deliver(first(FIVE, "id"));
    String keys = "SELECT unnest([1, 3, 9]) AS id";
    String rows = "SELECT 9 AS id, 'new' AS note";
    assertThat(deliver(reading().update("v2", "v1", rows, keys, "id"), "deletes=/rows/{ID}"))
        .contains(3L);
    assertThat(receiver().rows())
        .containsExactly(
            rows(0, 1).get(0), rows(2, 3).get(0), rows(4, 5).get(0), "{\"id\":9,\"note\":\"new\"}");
    assertThat(receiver().batches().subList(1, 4))
        .extracting(each -> each.method() + " " + each.path())
        .containsExactly("DELETE /rows/1", "DELETE /rows/3", "POST /rows");
    // What is not there need not be deleted.
    assertThat(
            deliver(
                reading().update("v3", "v2", rows + " WHERE false", "SELECT 77 AS id", "id"),
                "deletes=/rows/{id}"))
        .contains(1L);
    assertThat(held()).contains("v3");
  }

  @Test
  void flagsWhatIsGone() {
    Optional<Long> unused = deliver(first(FIVE, "id"));
    String rows = "SELECT 9 AS id, 'new' AS note";
    Delivery gone = reading().update("v2", "v1", rows, "SELECT unnest([1, 9]) AS id", "id");
    assertThat(deliver(gone, "deletes=flag")).contains(2L);
    assertThat(receiver().batches().get(1).body())
        .isEqualTo("[{\"id\":1,\"_deleted\":true},{\"id\":9,\"note\":\"new\"}]");
    String own = "SELECT 9 AS id, true AS _deleted";
    assertThatThrownBy(
            () ->
                deliver(reading().update("v3", "v2", own, "SELECT 9 AS id", "id"), "deletes=flag"))
        .hasMessageContaining("a column '_deleted' of its own");
  }

  @Test
  void withoutAWayToDeleteNothingIsSent() {
    Optional<Long> unused = deliver(first(FIVE, "id"));
    Delivery gone =
        reading()
            .update("v2", "v1", FIVE + " WHERE range = 2", "SELECT unnest([1, 2]) AS id", "id");
    assertThatThrownBy(() -> deliver(gone))
        .isInstanceOf(HeadraceException.class)
        .hasMessage(
            "Cannot deliver to '/rows': the row of key '1' is gone, and nothing says how the API deletes");
    assertThat(receiver().batches()).hasSize(1);
    assertThat(held()).contains("v1");
    assertThat(begun()).isEmpty();
  }

  @Test
  void keysThatWouldBeAnotherAddressAreRefused() {
    Optional<Long> unused = deliver(first("SELECT 'a' AS name, 1 AS n", "name"));
    for (String hostile : List.of("..", ".", "")) {
      Delivery gone =
          reading()
              .update(
                  "v2",
                  "v1",
                  "SELECT 'a' AS name, 1 AS n WHERE false",
                  "SELECT '%s' AS name".formatted(hostile),
                  "name");
      assertThatThrownBy(() -> deliver(gone, "deletes=/rows/{name}"))
          .hasMessageContaining("in an address, '%s' would mean something else".formatted(hostile));
    }
    Delivery strange =
        reading()
            .update(
                "v2",
                "v1",
                "SELECT 'a' AS name, 1 AS n WHERE false",
                "SELECT '../a b?c#{name}/é' AS name",
                "name");
    receiver().before(request -> Optional.of(Reply.of(204, "text/plain", "")));
    assertThat(deliver(strange, "deletes=/rows/{name}")).contains(1L);
    assertThat(receiver().batches().get(receiver().batches().size() - 1).path())
        .isEqualTo("/rows/../a b?c#{name}/é");
  }

  @Test
  void waitsAndSendsTheSameAgain() {
    AtomicInteger asked = new AtomicInteger();
    receiver()
        .before(
            request ->
                switch (asked.getAndIncrement()) {
                  case 1 -> Optional.of(Reply.of(429, "text/plain", "").with("Retry-After", "120"));
                  case 2 -> Optional.of(Reply.of(503, "text/plain", ""));
                  case 3 -> Optional.of(Reply.of(409, "text/plain", "still at it"));
                  default -> Optional.empty();
                })
        .after(
            request -> {
              if (asked.get() == 5) {
                throw new IllegalStateException("The connection breaks behind the batch");
              }
              return Optional.empty();
            });
    Reading reading = reading();
    try (Target target = reading.target("/rows", "batch=2")) {
      assertThat(target.deliver(first(FIVE), Cancellation.never())).contains(5L);
    }
    assertThat(reading.pauses()).hasSize(4).first().isEqualTo(Duration.ofMinutes(2));
    assertThat(receiver().rows()).isEqualTo(rows(0, 5));
    assertThat(keys().subList(1, 6)).hasSize(5).containsOnly(keys().get(1));
  }

  @Test
  void somethingThatIsNoSuccessIsARefusal() {
    for (int status : List.of(207, 301, 303, 308, 400, 401, 403, 413)) {
      receiver()
          .before(
              request ->
                  Optional.of(
                      Reply.of(status, "text/plain", "")
                          .with("Location", receiver().url() + "/rows")));
      assertThatThrownBy(() -> deliver(first(FIVE)))
          .hasMessageContaining("it answers with " + status);
    }
    assertThat(receiver().batches()).hasSize(8);
  }

  @Test
  void theSameVersionOnceMoreIsAnotherDelivery() {
    String one = "SELECT 1 AS id, 'a' AS note";
    Optional<Long> unused = deliver(first(one, "id"));
    for (String step : List.of("v1 v2", "v2 v1", "v1 v2")) {
      String after = step.substring(3);
      Delivery next = reading().update(after, step.substring(0, 2), one, "SELECT 1 AS id", "id");
      assertThat(deliver(next)).contains(1L);
    }
    assertThat(keys()).doesNotHaveDuplicates();
    assertThat(receiver().rows()).hasSize(4);
  }

  @Test
  void takesNoLongerThanAllMayTake() {
    receiver()
        .before(request -> Optional.of(Reply.of(503, "text/plain", "").with("Retry-After", "400")));
    Reading reading = reading("total_timeout=10m");
    try (Target target = reading.target("/rows")) {
      assertThatThrownBy(() -> target.deliver(first(FIVE), Cancellation.never()))
          .hasMessageContaining("not all was delivered within 10m; at last, it answered with 503");
    }
  }

  @Test
  void secretsGoToTheApiAndNowhereElse() throws IOException {
    receiver()
        .before(
            request ->
                request.header("Authorization").equals("Bearer s3cr\"et")
                    ? Optional.of(Reply.of(403, "text/plain", "not with s3cr\"et"))
                    : Optional.of(Reply.of(200, "text/plain", "")));
    try (Target target = reading("bearer=$SECRET").target("/rows")) {
      assertThatThrownBy(() -> target.deliver(first(FIVE), Cancellation.never()))
          .hasMessageContaining("not with ***")
          .hasMessageNotContaining("s3cr");
    }
    try (Stream<Path> files = Files.walk(root.resolve("memory"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain("s3cr");
      }
    }
    Map<String, String> inside = Map.of("url", receiver().url().replace("http:", "https:"));
    try (Target target = new Reading(root, inside, Map.of()).target("/rows")) {
      assertThatThrownBy(() -> target.deliver(first(FIVE), Cancellation.never()))
          .hasMessageContaining("'127.0.0.1' is no public address");
    }
  }
}

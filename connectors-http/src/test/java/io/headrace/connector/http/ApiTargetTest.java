package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.connector.http.TestApi.Reply;
import io.headrace.connector.http.TestApi.Request;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is delivered to an API that drops repetitions, whatever happens on the way. */
@Timeout(60)
class ApiTargetTest {
  private static final String FIVE = "SELECT range AS id, 'n' || range AS note FROM range(5)";

  @TempDir Path root;
  private Receiver receiver;

  @BeforeEach
  void start() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private Reading reading(String... settings) {
    return Reading.of(root, receiver.url(), settings);
  }

  private Optional<Long> deliver(Delivery delivery, String... settings) {
    try (Target target = reading().target("/rows", settings)) {
      Optional<String> unused = target.version();
      return target.deliver(delivery, Cancellation.never());
    }
  }

  private Optional<String> held(String... settings) {
    try (Target target = reading().target("/rows", settings)) {
      return target.version();
    }
  }

  private Optional<Target.Begun> begun(String... settings) {
    try (Target target = reading().target("/rows", settings)) {
      Optional<String> unused = target.version();
      return target.begun();
    }
  }

  private Delivery first(String sql, String... key) {
    return reading().all("v1", Optional.empty(), sql, key);
  }

  private static List<String> rows(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":%d,\"note\":\"n%d\"}".formatted(i, i))
        .toList();
  }

  private List<String> keys() {
    return receiver.batches().stream().map(each -> each.header("Idempotency-Key")).toList();
  }

  @Test
  void bringsBatchesAndKnowsWhatIsThere() {
    assertThat(held()).isEmpty();
    assertThat(deliver(first(FIVE), "batch=2")).contains(5L);
    assertThat(held()).contains("v1");
    assertThat(begun()).isEmpty();
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
    assertThat(receiver.batches())
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
    Request only = receiver.batches().get(0);
    assertThat(only.method()).isEqualTo("PUT");
    assertThat(only.header("Content-Type")).isEqualTo("application/x-ndjson; charset=UTF-8");
    assertThat(only.body()).isEqualTo(String.join("\n", rows(0, 5)) + "\n");
  }

  @Test
  void cutsBatchesOfLongRows() {
    String sql = "SELECT range AS id, repeat('x', 3000000) AS note FROM range(4)";
    assertThat(deliver(first(sql))).contains(4L);
    assertThat(receiver.batches()).hasSize(2);
    assertThat(receiver.rows()).hasSize(4);
  }

  @Test
  void deletesWhatIsGoneAtAnAddressOfItsOwn() {
    Optional<Long> unused = deliver(first(FIVE, "id"));
    String keys = "SELECT unnest([1, 3, 9]) AS id";
    String rows = "SELECT 9 AS id, 'new' AS note";
    assertThat(deliver(reading().update("v2", "v1", rows, keys, "id"), "deletes=/rows/{ID}"))
        .contains(3L);
    assertThat(receiver.rows())
        .containsExactly(
            rows(0, 1).get(0), rows(2, 3).get(0), rows(4, 5).get(0), "{\"id\":9,\"note\":\"new\"}");
    assertThat(receiver.batches().subList(1, 4))
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
    assertThat(receiver.batches().get(1).body())
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
    assertThat(receiver.batches()).hasSize(1);
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
    receiver.before(request -> Optional.of(Reply.of(204, "text/plain", "")));
    assertThat(deliver(strange, "deletes=/rows/{name}")).contains(1L);
    assertThat(receiver.batches().get(receiver.batches().size() - 1).path())
        .isEqualTo("/rows/../a b?c#{name}/é");
  }

  @Test
  void waitsAndSendsTheSameAgain() {
    AtomicInteger asked = new AtomicInteger();
    receiver
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
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
    assertThat(keys().subList(1, 6)).hasSize(5).containsOnly(keys().get(1));
  }

  @Test
  void aRefusalNamesTheRowsAndGoesOnBehindThoseThatWereTaken() {
    receiver.before(
        request ->
            request.body().contains("n3")
                ? Optional.of(Reply.of(422, "text/plain", "note:\n too \u0007short"))
                : Optional.empty());
    assertThatThrownBy(() -> deliver(first(FIVE, "id"), "batch=2"))
        .isInstanceOf(HeadraceException.class)
        .hasMessage(
            "Cannot deliver to 'shop': %s/rows: it answers with 422: note: too short (rows 3 to 4 of the delivery, id 2 to 3)"
                .formatted(receiver.url()));
    assertThat(receiver.batches()).hasSize(2);
    assertThat(held()).isEmpty();
    assertThat(begun()).contains(new Target.Begun(List.of("v1"), true));
    receiver.before(request -> Optional.empty());
    // Other batches are no matter: what was refused is not there.
    assertThat(deliver(first(FIVE, "id"), "batch=1")).contains(3L);
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
    assertThat(begun()).isEmpty();
  }

  @Test
  void whatIsRefusedAtOnceWasNeverBegun() {
    receiver.before(request -> Optional.of(Reply.of(404, "text/plain", "")));
    assertThatThrownBy(() -> deliver(first(FIVE), "version=/note"))
        .hasMessageContaining("404 (not found) (rows 1 to 5 of the delivery)");
    assertThat(begun("version=/note")).isEmpty();
    receiver.before(request -> Optional.empty());
    Delivery other = reading().all("v2", Optional.empty(), FIVE);
    assertThat(deliver(other, "version=/note")).contains(5L);
    assertThat(receiver.rows()).hasSize(5);
  }

  @Test
  void somethingThatIsNoSuccessIsARefusal() {
    for (int status : List.of(207, 301, 303, 308, 400, 401, 403, 413)) {
      receiver.before(
          request ->
              Optional.of(
                  Reply.of(status, "text/plain", "").with("Location", receiver.url() + "/rows")));
      assertThatThrownBy(() -> deliver(first(FIVE)))
          .hasMessageContaining("it answers with " + status);
    }
    assertThat(receiver.batches()).hasSize(8);
  }

  @Test
  void whatMayBeThereIsSentInTheSamePieces() {
    receiver.after(
        request -> {
          throw new IllegalStateException("The receiver dies behind the batch");
        });
    assertThatThrownBy(() -> deliver(first(FIVE), "batch=3"))
        .hasMessageEndingWith("(rows 1 to 3 of the delivery)");
    assertThat(begun()).contains(new Target.Begun(List.of("v1"), false));
    receiver.after(request -> Optional.empty());
    assertThat(deliver(first(FIVE), "batch=1")).contains(5L);
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
    assertThat(receiver.batches()).hasSize(8);
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
    assertThat(receiver.rows()).hasSize(4);
  }

  @Test
  void theApiItselfSaysWhatItHolds() throws IOException {
    assertThat(deliver(first(FIVE), "version=/note")).contains(5L);
    assertThat(receiver.noted()).contains("\"version\":\"v1\"").contains("\"begun\":[]");
    // Nobody here remembers it.
    forget();
    assertThat(held("version=/note")).contains("v1");
    receiver.write("{\"version\": \"v7\", \"by\": {\"name\": \"ada\"}}");
    assertThat(held("version=/note")).contains("v7");
    Delivery late = reading().all("v2", Optional.of("v1"), FIVE);
    assertThat(deliver(late, "version=/note")).isEmpty();
    receiver.write("<html>");
    assertThatThrownBy(() -> held("version=/note"))
        .hasMessageContaining("/note: what it says is no note of an export");
  }

  @Test
  void anotherMachineGoesOnWithTheSameKeys() throws IOException {
    receiver.after(
        request -> {
          if (request.body().contains("n3")) {
            throw new IllegalStateException("The receiver dies behind the batch");
          }
          return Optional.empty();
        });
    assertThatThrownBy(() -> deliver(first(FIVE), "version=/note", "batch=2"))
        .isInstanceOf(HeadraceException.class);
    assertThat(receiver.noted()).contains("\"version\":\"\",\"begun\":[\"v1\"]");
    forget();
    receiver.after(request -> Optional.empty());
    assertThat(begun("version=/note")).contains(new Target.Begun(List.of("v1"), false));
    assertThat(deliver(first(FIVE), "version=/note", "batch=2")).contains(5L);
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
  }

  @Test
  void anApiThatKeepsOnlyTheVersionWillDo() throws IOException {
    receiver.before(
        request -> {
          receiver.write("{\"version\": \"\"}");
          return request.body().contains("n3")
              ? Optional.of(Reply.of(400, "text/plain", ""))
              : Optional.empty();
        });
    assertThatThrownBy(() -> deliver(first(FIVE), "version=/note", "batch=2"))
        .isInstanceOf(HeadraceException.class);
    assertThat(begun("version=/note")).contains(new Target.Begun(List.of("v1"), true));
    receiver.before(request -> Optional.empty());
    assertThat(deliver(first(FIVE), "version=/note", "batch=2")).contains(3L);
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
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
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
  }

  @Test
  void aCancelledDeliveryGoesOn() {
    Cancellation cancel = new Cancellation();
    receiver.after(
        request -> {
          cancel.request("enough");
          return Optional.empty();
        });
    try (Target target = reading().target("/rows", "batch=2")) {
      assertThatThrownBy(() -> target.deliver(first(FIVE), cancel))
          .isInstanceOf(CancelledException.class);
    }
    assertThat(deliver(first(FIVE), "batch=2")).isPresent();
    assertThat(receiver.rows()).isEqualTo(rows(0, 5));
  }

  @Test
  void takesNoLongerThanAllMayTake() {
    receiver.before(
        request -> Optional.of(Reply.of(503, "text/plain", "").with("Retry-After", "400")));
    Reading reading = reading("total_timeout=10m");
    try (Target target = reading.target("/rows")) {
      assertThatThrownBy(() -> target.deliver(first(FIVE), Cancellation.never()))
          .hasMessageContaining("not all was delivered within 10m; at last, it answered with 503");
    }
  }

  @Test
  void secretsGoToTheApiAndNowhereElse() throws IOException {
    receiver.before(
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
    Map<String, String> inside = Map.of("url", receiver.url().replace("http:", "https:"));
    try (Target target = new Reading(root, inside, Map.of()).target("/rows")) {
      assertThatThrownBy(() -> target.deliver(first(FIVE), Cancellation.never()))
          .hasMessageContaining("'127.0.0.1' is no public address");
    }
  }

  private void forget() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("memory"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}

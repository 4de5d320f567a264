package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.table.TableName;
import io.headrace.verify.Verification;
import io.headrace.verify.Verifier;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose rows are behind an API: each of its rows is taken once, and its secrets nowhere. */
class ApiRunTest {
  private static final String SECRET = "canary-51c9";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Pattern SINCE = Pattern.compile("since=([^&]*)");
  private static final Pattern AFTER = Pattern.compile("after=(\\d+)");

  @TempDir Path folder;
  private TestProject project;
  private HttpServer server;

  /** Rows by id. */
  private final Map<Integer, Row> rows = new TreeMap<>();

  private boolean countsItself;
  private volatile boolean isDown;

  private record Row(int id, int price, Instant at) {
    String json() {
      return "{\"id\": %d, \"price\": %d, \"changed\": \"%s\"}".formatted(id, price, at);
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/orders", this::answer);
    server.start();
    project =
        new TestProject(folder.resolve("project"))
            .write(
                "headrace.yaml",
                """
                connections:
                  shop:
                    url: http://127.0.0.1:%d
                    allow_private: true
                    user: ada
                    password: {file: secret}
                    header.X-Api-Key: {file: secret}
                """
                    .formatted(server.getAddress().getPort()))
            .write("secret", SECRET + "\n")
            .write("tables/orders.yaml", source("incremental: {key: id, latest_by: changed}"))
            .write("tables/changes.yaml", source("incremental: append"))
            .table("total", "SELECT count(*) AS n FROM orders");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static String source(String how) {
    return """
        api: shop
        path: /orders
        records: items
        columns: {id: BIGINT, price: INTEGER, changed: TIMESTAMPTZ}
        pages: {kind: cursor, token: next, parameter: after}
        cursor: changed
        since: since
        allow_empty: true
        """
        + how
        + "\n";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      Matcher since = SINCE.matcher(query);
      Matcher after = AFTER.matcher(query);
      Instant from = since.find() ? Instant.parse(since.group(1)) : Instant.MIN;
      List<Row> all;
      synchronized (rows) {
        all =
            rows.values().stream()
                .filter(row -> countsItself ? !row.at().isBefore(from) : row.at().isAfter(from))
                .sorted(Comparator.comparing(Row::at).thenComparing(Row::id))
                .toList();
      }
      int first = after.find() ? Integer.parseInt(after.group(1)) : 0;
      int end = Math.min(all.size(), first + 3);
      String items =
          all.subList(Math.min(first, end), end).stream()
              .map(Row::json)
              .collect(Collectors.joining(","));
      String body =
          isDown
              ? "you said " + exchange.getRequestHeaders()
              : "{\"items\": [%s], \"next\": %s}"
                  .formatted(items, end < all.size() ? "\"" + end + "\"" : "null");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(isDown ? 403 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Row put(int id, int price, Instant at) {
    Row row = new Row(id, price, at);
    synchronized (rows) {
      rows.put(id, row);
    }
    return row;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eachRowIsTakenOnce(long seed) {
    Random random = new Random(seed);
    countsItself = random.nextBoolean();
    List<String> taken = new ArrayList<>();
    Instant at = START;
    try (Workspace workspace = project.open()) {
      for (int step = 0; step < 6; step++) {
        Map<Integer, String> changed = new TreeMap<>();
        int changes = random.nextInt(9);
        for (int i = 0; i < changes; i++) {
          // Some rows have the same time, and none has that of a run before.
          at = at.plusMillis(i == 0 ? 1 : random.nextInt(3) * 700L);
          int id = random.nextInt(12);
          changed.put(id, put(id, random.nextInt(100), at).toString());
        }
        taken.addAll(changed.values());
        RunResult result = TestRun.of(workspace);
        assertThat(result.isGood()).isTrue();
        if (step > 0) {
          assertThat(kinds(result)).containsEntry("changes", changes == 0 ? "reused" : "built");
        }
        assertThat(texts(workspace, "orders"))
            .containsExactlyInAnyOrderElementsOf(
                rows.values().stream().map(Row::toString).toList());
        assertThat(texts(workspace, "changes")).containsExactlyInAnyOrderElementsOf(taken);
      }
      Verification.Result verified =
          new Verifier(
                  workspace,
                  workspace.buildGraph(workspace.readProject(), Map.of()),
                  workspace.catalog().environments().head("main"))
              .verify(TableName.parse("orders"), Cancellation.never())
              .result();
      assertThat(verified).isInstanceOf(Verification.Same.class);
    }
  }

  /** Rows of a table as those of the API. */
  private static List<String> texts(Workspace workspace, String table) {
    String sql = "SELECT id, price, epoch_ms(changed) AS changed FROM " + table;
    return query(workspace, "main", sql).stream()
        .map(
            row ->
                new Row(
                        Integer.parseInt(row.get(0).toString()),
                        Integer.parseInt(row.get(1).toString()),
                        Instant.ofEpochMilli(Long.parseLong(row.get(2).toString())))
                    .toString())
        .toList();
  }

  @Test
  void anApiThatFailsChangesNothing() {
    put(1, 10, START);
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      isDown = true;
      RunResult result = TestRun.of(workspace);
      assertThat(kinds(result)).containsEntry("orders", "failed").containsEntry("total", "skipped");
      assertThat(task(result, "orders").message())
          .startsWith("tables/orders.yaml:1:6: Cannot read from 'shop'")
          .contains("403 (forbidden)");
      assertThat(query(workspace, "main", "FROM total").toString()).isEqualTo("[[1]]");
    }
  }

  @Test
  void aSecretIsNowhereInTheState() throws IOException {
    put(1, 10, START);
    RunLog log = new RunLog(project.state().resolve("runs"), Clock.systemUTC());
    try (Workspace workspace = project.open()) {
      new TestRun().listener(log).in(workspace);
      assertThat(query(workspace, "main", "FROM total").toString()).isEqualTo("[[1]]");
      isDown = true;
      RunResult failed = new TestRun().listener(log).in(workspace);
      assertThat(failed.isGood()).isFalse();
      assertThat(failed.toString()).contains("you said").doesNotContain(SECRET, "YWRhOmNhbmFyeS");
      assertThat(new TestRun().plan(workspace).toString()).doesNotContain(SECRET, "YWRhOmNhbmFyeS");
    }
    try (Stream<Path> files = Files.walk(project.state())) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      for (Path file : all) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(SECRET, "YWRhOmNhbmFyeS");
      }
    }
  }
}

package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.broker.BrokerProcess;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headrace listen} before a real broker, with either of them killed. */
class ListenTest {
  private static final int KILLS = Math.max(2, Integer.getInteger("headrace.kills", 40) / 20);
  private static final int CLIENTS = 4;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private BrokerProcess broker;
  private TestProject project;

  @BeforeEach
  void start() throws Exception {
    broker = BrokerProcess.start(folder.resolve("broker"), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin
          .createTopics(
              Stream.of("clicks", "lines").map(name -> new NewTopic(name, 1, (short) 1)).toList())
          .all()
          .get();
    }
    project =
        new TestProject(folder.resolve("project"))
            .write(
                "headrace.yaml",
                "connections: {local: {bootstrap: \"%s\"}}\n".formatted(broker.bootstrap()))
            .write("tables/clicks.yaml", "kafka: local\ntopic: clicks\ncolumns: {n: BIGINT}\n")
            .write("tables/lines.yaml", "kafka: local\ntopic: lines\nformat: text\n");
  }

  @AfterEach
  void stop() throws IOException {
    broker.close();
  }

  private Child listen() {
    Child child =
        ChildJvms.prepared().start(project.root(), "io.headrace.cli.Main", "listen", "--port", "0");
    child.await("/topics/lines");
    return child;
  }

  private static String address(Child child) {
    return child.lines().stream()
        .filter(line -> line.endsWith("/topics/clicks"))
        .findFirst()
        .orElseThrow()
        .strip()
        .replace("POST ", "")
        .replace("/topics/clicks", "");
  }

  private HttpResponse<String> post(String uri, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri))
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String read(String sql) {
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      return TestProject.query(workspace, "main", sql).toString();
    }
  }

  @Test
  void takesWhatItIsSentAsItIs() throws Exception {
    try (Child child = listen()) {
      String address = address(child);
      HttpResponse<String> one = post(address + "/topics/clicks?key=a%20b", "{\"n\": 1}");
      assertThat(one.statusCode()).isEqualTo(200);
      assertThat(one.body()).isEqualTo("{\"events\":[{\"partition\":0,\"offset\":0}]}");
      HttpResponse<String> three =
          post(
              address + "/topics/lines",
              "é🎉\r\n\n b \nc",
              "Content-Type",
              "application/x-ndjson; charset=utf-8");
      assertThat(three.body()).contains("\"offset\":2}]");
      assertThat(read("SELECT key, n FROM clicks")).isEqualTo("[[a b, 1]]");
      assertThat(read("SELECT value FROM lines ORDER BY \"offset\""))
          .isEqualTo("[[é🎉], [ b ], [c]]");
    }
  }

  @Test
  void saysWhatItDoesNotTake() throws Exception {
    try (Child child = listen()) {
      String address = address(child);
      HttpResponse<String> unknown = post(address + "/topics/click", "{}");
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(unknown.body())
          .isEqualTo(
              "{\"error\":\"There is no topic 'click' here\",\"hint\":\"Did you mean 'clicks'?\"}");
      assertThat(post(address + "/topics/clicks", "").statusCode()).isEqualTo(400);
      assertThat(post(address + "/", "{}").body()).contains("There is nothing here");
      HttpResponse<String> large = post(address + "/topics/clicks", "x".repeat(1_000_001));
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(large.body()).contains("1,000,000 bytes");
      HttpResponse<String> get =
          client.send(
              HttpRequest.newBuilder(URI.create(address + "/topics/clicks")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(get.statusCode()).isEqualTo(405);
      HttpResponse<String> page =
          post(address + "/topics/clicks", "{}", "Origin", "https://example.com");
      assertThat(page.statusCode()).isEqualTo(403);
      assertThat(raw(address, "Host: example.com\r\nContent-Length: 2\r\n\r\n{}"))
          .startsWith("HTTP/1.1 403");
      assertThat(raw(address, "Host: 127.0.0.1\r\nContent-Length: many\r\n\r\n{}"))
          .startsWith("HTTP/1.1 400");
      assertThat(read("SELECT count(*) FROM clicks")).isEqualTo("[[0]]");
    }
  }

  /** The answer to a request whose headers are these. */
  private static String raw(String address, String rest) throws IOException {
    URI uri = URI.create(address);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String request = "POST /topics/clicks HTTP/1.1\r\nConnection: close\r\n" + rest;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  @Test
  void whatIsAcknowledgedIsThereWhoeverIsKilled() throws Exception {
    Seed seed = new Seed(ListenTest.class);
    Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    long next = 0;
    for (int i = 0; i < KILLS; i++) {
      try (Child child = listen()) {
        String address = address(child);
        Thread[] clients = new Thread[CLIENTS];
        for (int c = 0; c < CLIENTS; c++) {
          long first = next;
          clients[c] = new Thread(() -> send(address, first, acknowledged), "client");
          next += 1_000_000;
          clients[c].start();
        }
        Thread.sleep(200 + seed.random(i).nextLong(400));
        child.kill();
        for (Thread each : clients) {
          each.join();
        }
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS);
    String there = read("SELECT DISTINCT n FROM clicks");
    assertThat(acknowledged)
        .as(seed.toString())
        .allSatisfy(n -> assertThat(there).contains("[" + n + "]"));
  }

  /** Sends one number after the other until nobody answers. */
  private void send(String address, long first, Set<Long> acknowledged) {
    for (long n = first; ; n++) {
      try {
        if (post(address + "/topics/clicks", "{\"n\": %d}".formatted(n)).statusCode() == 200) {
          acknowledged.add(n);
        }
      } catch (IOException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Test
  void aServerTakesThemToo() throws Exception {
    project.delete("tables/lines.yaml");
    String json = "application/json";
    try (Child server =
        ChildJvms.prepared()
            .start(project.root(), "io.headrace.cli.Main", "serve", "--port", "0")) {
      server.await("Serving");
      String topics =
          server.output().replaceFirst("(?s).* at (http\\S+);.*", "$1")
              + "/api/v1/projects/project/topics/";
      HttpResponse<String> taken = post(topics + "clicks", "{\"n\": 1}", "Content-Type", json);
      assertThat(taken.body()).isEqualTo("{\"events\":[{\"partition\":0,\"offset\":0}]}");
      // What a page of somebody else can send.
      for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
        HttpResponse<String> refused = post(topics + "clicks", "{}", "Content-Type", type);
        assertThat(refused.statusCode()).isEqualTo(415);
      }
      assertThat(post(topics + "lines", "a", "Content-Type", json).body())
          .contains("There is no topic 'lines' here", "Topics are clicks");
      project.write("tables/lines.yaml", "kafka: local\ntopic: lines\nformat: text\n");
      int status = 404;
      for (int look = 0; look < 100 && status == 404; look++) {
        Thread.sleep(100);
        status = post(topics + "lines", "b", "Content-Type", json).statusCode();
      }
      assertThat(status).isEqualTo(200);
      server.signal("TERM");
      assertThat(server.ends(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(read("SELECT value FROM lines")).isEqualTo("[[b]]");
    assertThat(read("SELECT n FROM clicks")).isEqualTo("[[1]]");
  }

  @Test
  void withoutABrokerItSaysTryAgain() throws Exception {
    try (Child child = listen()) {
      String address = address(child);
      assertThat(post(address + "/topics/clicks", "{\"n\": 1}").statusCode()).isEqualTo(200);
      broker.kill();
      HttpResponse<String> refused = post(address + "/topics/clicks", "{\"n\": 2}");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("5");
      assertThat(refused.body()).contains("no broker answers at");
      broker = BrokerProcess.start(folder.resolve("broker"), broker.port());
      HttpResponse<String> again = post(address + "/topics/clicks", "{\"n\": 2}");
      for (int i = 0; i < 20 && again.statusCode() != 200; i++) {
        Thread.sleep(200);
        again = post(address + "/topics/clicks", "{\"n\": 2}");
      }
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(read("SELECT DISTINCT n FROM clicks ORDER BY n")).isEqualTo("[[1], [2]]");
    }
  }
}

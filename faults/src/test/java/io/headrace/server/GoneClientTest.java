package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.TestProject;
import io.headrace.server.api.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that go away in the middle, or do not read what they asked for: the server keeps no
 * thread for them, and goes on with what they began.
 */
@Order(3)
class GoneClientTest {
  private static final String PROJECT = Api.ROOT + "/projects/shop";
  private static final String COMMANDS = PROJECT + "/commands";
  private static final int CLIENTS = 8;

  /** Who does not read is given half a minute. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private static final int SMALL_BUFFER = 4096;

  /** The servers of other tests are in this process too. */
  private static final String KEY = "gone-client";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Site site;

  private final List<Socket> sockets = new ArrayList<>();

  @BeforeEach
  void serve() {
    TestProject project = new TestProject(folder.resolve("shop")).table("n", "SELECT 1 AS n");
    site = new Site(project, projects -> Api.routes(projects, EchoCommands.desk()));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    site.close();
  }

  @Test
  void nobodyWaitsForWhoWentAway() throws IOException {
    begin("wait");
    for (int i = 0; i < CLIENTS; i++) {
      Socket socket = ask(COMMANDS + "/" + KEY + "/events");
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 200");
      // Some say that they go, and some are just gone.
      socket.setSoLinger(i % 2 == 0, 0);
    }
    assertThat(streams()).isGreaterThanOrEqualTo(CLIENTS);
    for (Socket socket : sockets) {
      socket.close();
    }
    Serving.await(LONGEST, () -> streams() == 0);
    assertThat(site.get(COMMANDS + "/" + KEY).body()).contains("\"exit_code\":null");
    end();
  }

  @Test
  void nobodyWaitsForWhoDoesNotRead() throws IOException {
    begin("flood");
    Serving.await(() -> site.get(COMMANDS + "/" + KEY).body().contains("\"exit_code\":1"));
    for (int i = 0; i < CLIENTS; i++) {
      Socket unused = ask(COMMANDS + "/" + KEY + "/events");
    }
    Serving.await(() -> streams() >= CLIENTS);
    assertThat(site.get(PROJECT + "/tables").statusCode()).isEqualTo(200);
    assertThat(
            site.send(
                    site.request(PROJECT + "/runs")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", KEY)
                        .POST(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(202);
    Serving.await(
        () -> site.serving().workspace().catalog().environments().head("main").commit() == 1);
    Serving.await(LONGEST, () -> streams() == 0);
  }

  private void begin(String word) {
    assertThat(
            site.send(
                    site.request(COMMANDS)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", KEY)
                        .POST(BodyPublishers.ofString("{\"arguments\":[\"%s\"]}".formatted(word))))
                .statusCode())
        .isEqualTo(202);
  }

  private void end() {
    assertThat(
            site.send(site.request(COMMANDS + "/" + KEY + "/cancel").POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(202);
    Serving.await(() -> site.get(COMMANDS + "/" + KEY).body().contains("\"exit_code\":130"));
  }

  /** Sends a request, and reads nothing. */
  private Socket ask(String path) throws IOException {
    URI address = URI.create(site.address());
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
    String request = "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(path, address.getAuthority());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** How many threads write a stream of events. */
  private static long streams() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            frames ->
                Arrays.stream(frames)
                    .anyMatch(frame -> frame.getClassName().endsWith(".EventStream")))
        .count();
  }
}

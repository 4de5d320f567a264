package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.connector.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers as the documentation of a schema registry's REST API says. */
final class TestRegistry implements AutoCloseable {
  static final String PASSWORD = "s3cr\"et";

  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private volatile String authorization = "";
  private volatile boolean stalls;

  TestRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Asks for a user from now on. */
  void require(String user) {
    byte[] both = (user + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8);
    authorization = "Basic " + Base64.getEncoder().encodeToString(both);
  }

  /** Begins its answers from now on, and does not end them. */
  void stall() {
    stalls = true;
  }

  /** Knows a schema of Avro by an id. */
  void put(int id, String schema, String more) {
    put("/schemas/ids/" + id, schema, more);
  }

  void put(String path, String schema, String more) {
    String text = new String(JsonStringEncoder.getInstance().quoteAsString(schema));
    answers.put(path, "{%s\"schema\": \"%s\"}".formatted(more, text));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    synchronized (asked) {
      asked.add(path);
    }
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    String known = answers.get(path);
    int status = 200;
    if (!authorization.isEmpty() && !authorization.equals(given)) {
      status = 401;
    } else if (known == null) {
      status = 404;
    }
    String text =
        status == 200 && known != null
            ? known
            : "{\"error_code\": %d, \"message\": \"no\"}".formatted(status * 100);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, body.length);
    if (stalls) {
      exchange.getResponseBody().write(body, 0, 1);
      exchange.getResponseBody().flush();
      return;
    }
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What it was asked for. */
  List<String> asked() {
    synchronized (asked) {
      return List.copyOf(asked);
    }
  }

  Map<String, Setting> settings() {
    return Map.of("url", new Setting.Plain("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

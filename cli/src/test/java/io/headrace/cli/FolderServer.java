package io.headrace.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** An API of this machine whose answers are the files of a folder, as JSON. */
final class FolderServer implements AutoCloseable {
  /** Where it is in what documents show. */
  private static final String SHOWN = "127.0.0.1:8080";

  private final HttpServer server;
  private final Path folder;

  FolderServer(Path folder) {
    this.folder = folder;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
      if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      byte[] body = Files.readAllBytes(file);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** A text that documents show, with where the server really is. */
  String withAddress(String text) {
    return text.replace(SHOWN, address());
  }

  /** A text with where documents say that the server is. */
  String withoutAddress(String text) {
    return text.replace(address(), SHOWN);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package io.headrace.faults;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is sent to it over HTTP, and answers that all is well. */
final class Receiver implements AutoCloseable {
  /** A request: its path, how it says who asks, and what it carries. */
  record Received(String path, String authorization, ByteBuffer body) {}

  private final List<Received> all = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String who = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
          all.add(new Received(exchange.getRequestURI().getPath(), who, ByteBuffer.wrap(body)));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Received> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

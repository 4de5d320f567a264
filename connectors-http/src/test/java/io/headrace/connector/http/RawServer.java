package io.headrace.connector.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that sends any bytes, at any pace. */
final class RawServer implements AutoCloseable {
  /** Answers one request, and then the connection is closed. */
  @FunctionalInterface
  interface Script {
    void run(Socket socket, OutputStream out, int connection) throws Exception;
  }

  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> heads = Collections.synchronizedList(new ArrayList<>());

  RawServer(Script script) throws IOException {
    this(InetAddress.getLoopbackAddress(), script);
  }

  RawServer(InetAddress address, Script script) throws IOException {
    server = new ServerSocket(0, 50, address);
    Thread thread = new Thread(() -> accept(script), "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(Script script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread thread = new Thread(() -> serve(socket, script), "raw-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      heads.add(head(socket.getInputStream()));
      script.run(socket, socket.getOutputStream(), connections.incrementAndGet());
      socket.getOutputStream().flush();
    } catch (Exception e) {
      // The client broke it off.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return head.toString();
      }
      head.append((char) c);
    }
    return head.toString();
  }

  /** What the server was asked, with headers. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  int connections() {
    return connections.get();
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

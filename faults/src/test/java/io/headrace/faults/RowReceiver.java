package io.headrace.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API that takes rows of an {@code id}: at {@code /keyed} the last one of each, at {@code /log}
 * all of them. A request whose key it has seen changes nothing. Keeps a note at {@code /note}.
 */
public final class RowReceiver implements AutoCloseable {
  private static final Pattern ROW = Pattern.compile("\\{\"id\":(\\d+)[^{}]*}");
  private static final int TAKEN = 200;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SortedMap<Long, String> keyed = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final Map<String, String> notes = new TreeMap<>();
  private Fate fate = (request, isTaken) -> TAKEN;
  private int repeated;

  /** What becomes of a request; asked before it is taken, and behind that. */
  @FunctionalInterface
  public interface Fate {
    /**
     * The status to answer with, or 0 to break the connection. Before it is taken, 200 takes it.
     */
    int status(String body, boolean isTaken);
  }

  /** Starts one on this machine. */
  public RowReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it is. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What becomes of requests from now on. */
  public synchronized void fate(Fate next) {
    fate = next;
  }

  /** The last row of each id. */
  public synchronized List<String> keyed() {
    return List.copyOf(keyed.values());
  }

  /** All rows. */
  public synchronized List<String> log() {
    return List.copyOf(log);
  }

  /** How many requests came that had been taken before. */
  public synchronized int repeated() {
    return repeated;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/note")) {
        note(exchange, path, body);
        return;
      }
      String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      int status = take(exchange.getRequestMethod(), path, key, body);
      if (status > 0) {
        exchange.sendResponseHeaders(status, -1);
      }
    }
  }

  private synchronized void note(HttpExchange exchange, String path, String body)
      throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      notes.put(path, body);
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    byte[] note = notes.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(
        note.length == 0 ? 404 : TAKEN, note.length == 0 ? -1 : note.length);
    exchange.getResponseBody().write(note);
  }

  private synchronized int take(String method, String path, String key, String body) {
    int status = fate.status(body, false);
    if (status != TAKEN) {
      return status;
    }
    if (!seen.add(key)) {
      repeated++;
    } else if (method.equals("DELETE")) {
      keyed.remove(Long.valueOf(path.substring(path.lastIndexOf('/') + 1)));
    } else {
      Matcher row = ROW.matcher(body);
      while (row.find()) {
        if (path.equals("/log")) {
          log.add(row.group());
        } else if (row.group().endsWith(",\"_deleted\":true}")) {
          keyed.remove(Long.valueOf(row.group(1)));
        } else {
          keyed.put(Long.valueOf(row.group(1)), row.group());
        }
      }
    }
    return fate.status(body, true);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

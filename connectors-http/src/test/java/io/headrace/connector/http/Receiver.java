package io.headrace.connector.http;

import io.headrace.connector.http.TestApi.Reply;
import io.headrace.connector.http.TestApi.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API that takes rows of one {@code id} and drops requests whose key it has seen, as those do
 * that are meant for it.
 */
final class Receiver implements AutoCloseable {
  private static final Pattern ROW = Pattern.compile("\\{[^{}]*}");

  private final TestApi api = new TestApi();
  private final List<String> rows = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final List<Request> batches = new ArrayList<>();
  private Function<Request, Optional<Reply>> before = request -> Optional.empty();
  private Function<Request, Optional<Reply>> after = request -> Optional.empty();
  private String note = "";
  private int noted;

  Receiver() throws IOException {
    api.answer("/rows", this::take);
    api.answer("/note", this::note);
  }

  String url() {
    return api.url();
  }

  /** What it answers instead of taking a batch. */
  Receiver before(Function<Request, Optional<Reply>> instead) {
    before = instead;
    return this;
  }

  /** What it answers although it took the batch. */
  Receiver after(Function<Request, Optional<Reply>> instead) {
    after = instead;
    return this;
  }

  private synchronized Reply take(Request request) {
    batches.add(request);
    Optional<Reply> refusal = before.apply(request);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (keys.add(request.header("Idempotency-Key"))) {
      if (request.method().equals("DELETE")) {
        String id = request.path().substring("/rows/".length());
        if (!rows.removeIf(row -> row.startsWith("{\"id\":" + id + ","))) {
          return Reply.of(404, "text/plain", "no such row");
        }
      }
      Matcher found = ROW.matcher(request.body());
      while (found.find()) {
        rows.add(found.group());
      }
    }
    return after.apply(request).orElse(Reply.of(201, "application/json", "{\"ok\":true}"));
  }

  private synchronized Reply note(Request request) {
    if (request.method().equals("PUT")) {
      String match = request.headers().get("if-match");
      if (match != null && !match.equals(tag())) {
        return Reply.of(412, "text/plain", "");
      }
      note = request.body();
      noted++;
      return Reply.of(204, "text/plain", "");
    }
    return note.isEmpty()
        ? Reply.of(404, "text/plain", "")
        : new Reply(200, Map.of("ETag", tag()), note, StandardCharsets.UTF_8);
  }

  private String tag() {
    return "\"" + noted + "\"";
  }

  synchronized String noted() {
    return note;
  }

  synchronized void write(String text) {
    note = text;
    noted++;
  }

  synchronized List<String> rows() {
    return List.copyOf(rows);
  }

  synchronized List<Request> batches() {
    return List.copyOf(batches);
  }

  @Override
  public void close() {
    api.close();
  }
}

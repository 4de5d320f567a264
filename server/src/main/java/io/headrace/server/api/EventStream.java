package io.headrace.server.api;

import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.runs.History;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client what happens while it does, as server-sent events. Each has its number as its id:
 * a client that lost the connection names the last one that it has, and gets what came after it.
 */
final class EventStream {
  /**
   * So often a client hears something, and is found gone if it is; and so often it is asked whether
   * he may still hear it, however much happens.
   */
  private static final Duration BEAT = Duration.ofSeconds(5);

  private EventStream() {}

  /** An event: its name, and an object. */
  record Event(String name, Map<String, @Nullable Object> data) {}

  /**
   * Writes until all is over, and then {@code last}, or until who asked may not ask any more.
   *
   * @param event what is told of each; empty if nothing is
   * @throws IOException if the client went away
   */
  static <T> void write(
      Context context,
      History<T> history,
      Function<T, Optional<Event>> event,
      Supplier<Map<String, @Nullable Object>> last)
      throws IOException {
    long known =
        Api.number("Last-Event-ID", Optional.ofNullable(context.header("Last-Event-ID")))
            .orElse(0L);
    int next = (int) Math.max(0, Math.min(known, Integer.MAX_VALUE - 1));
    context.contentType("text/event-stream").header("Cache-Control", "no-cache");
    // The stream of the context itself would keep back what is flushed.
    OutputStream out = context.res().getOutputStream();
    long asked = System.nanoTime();
    try {
      while (true) {
        List<T> news = history.after(next, BEAT);
        if (System.nanoTime() - asked >= BEAT.toNanos()) {
          if (!Visitor.isStillWelcome(context)) {
            return;
          }
          asked = System.nanoTime();
        }
        for (T each : news) {
          next++;
          Optional<Event> told = event.apply(each);
          if (told.isPresent()) {
            write(out, "id: %d\n".formatted(next), told.get());
          }
        }
        if (news.isEmpty() && history.isOver()) {
          write(out, "", new Event("over", last.get()));
          return;
        }
        if (news.isEmpty()) {
          write(out, ": still there\n\n");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(OutputStream out, String id, Event event) throws IOException {
    write(out, "%sevent: %s\ndata: %s\n\n".formatted(id, event.name(), Json.write(event.data())));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}

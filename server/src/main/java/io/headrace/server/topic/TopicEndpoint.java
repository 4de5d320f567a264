package io.headrace.server.topic;

import io.headrace.connector.Publisher;
import io.headrace.connector.Publisher.Receipt;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.server.json.Answers;
import io.headrace.server.runs.Topics;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes events for topics: the body of a request is one, or of {@code application/x-ndjson} each
 * line is. Answers 200 with where they are when all of them are safe. Whoever gets another answer,
 * or none, sends them again: then some may be there twice, and none is lost. Safe for many threads.
 */
public final class TopicEndpoint implements Handler {
  /** The path to mount it at, with {@code POST}. */
  public static final String PATH = "/topics/{topic}";

  private static final String LINES = "application/x-ndjson";

  private final Function<Context, Topics> topics;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param topics of the project that a request is for
   */
  public TopicEndpoint(Function<Context, Topics> topics) {
    this.topics = topics;
  }

  /** Takes events for one project. */
  public static TopicEndpoint of(Topics topics) {
    return new TopicEndpoint(context -> topics);
  }

  /** How many events were acknowledged. */
  public long taken() {
    return taken.get();
  }

  @Override
  public void handle(Context context) {
    String topic = context.pathParam("topic");
    SortedMap<String, Publisher> known = topics.apply(context).publishers();
    Publisher publisher = known.get(topic);
    if (publisher == null) {
      Answers.refuse(
          context,
          404,
          "There is no topic '%s' here".formatted(topic),
          NearestWord.hint(topic, known.keySet(), hint(known)));
      return;
    }
    Optional<String> key = Optional.ofNullable(context.queryParam("key"));
    List<byte[]> events = values(context);
    if (events.isEmpty()) {
      Answers.refuse(context, 400, "There is no event in it", "Send the event as the body");
      return;
    }
    List<CompletableFuture<Receipt>> receipts =
        events.stream().map(event -> publisher.publish(topic, key, event)).toList();
    context.future(
        () ->
            CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new))
                .handle(
                    (all, failure) -> {
                      answer(context, receipts, failure);
                      return receipts;
                    }));
  }

  private static String hint(SortedMap<String, Publisher> known) {
    return known.isEmpty()
        ? "No table reads a topic: add a source with `kafka: CONNECTION` and `topic: NAME`"
        : "Topics are " + String.join(", ", known.keySet());
  }

  private void answer(
      Context context, List<CompletableFuture<Receipt>> receipts, @Nullable Throwable failure) {
    if (failure == null) {
      taken.addAndGet(receipts.size());
      Answers.accept(context, receipts.stream().map(CompletableFuture::join).toList());
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    context.header("Retry-After", "5");
    Answers.refuse(
        context,
        503,
        String.valueOf(cause.getMessage()),
        cause instanceof HeadraceException known ? known.hint() : "Send it again");
  }

  private static List<byte[]> values(Context context) {
    byte[] body = context.bodyAsBytes();
    String type = Optional.ofNullable(context.contentType()).orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith(LINES)) {
      return body.length == 0 ? List.of() : List.of(body);
    }
    List<byte[]> lines = new ArrayList<>();
    new String(body, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> lines.add(line.getBytes(StandardCharsets.ISO_8859_1)));
    return lines;
  }
}

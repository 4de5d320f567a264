package io.headrace.server.json;

import io.headrace.connector.Publisher.Receipt;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers to requests, as JSON. */
public final class Answers {
  private Answers() {}

  /** Says that something is wrong. */
  public static void refuse(Context context, int status, String message, String hint) {
    answer(context, status, Json.object("error", message, "hint", hint));
  }

  /** Says where events are now. */
  public static void accept(Context context, List<Receipt> receipts) {
    List<Map<String, @Nullable Object>> events =
        receipts.stream()
            .map(
                receipt ->
                    Json.object("partition", receipt.partition(), "offset", receipt.offset()))
            .toList();
    answer(context, 200, Json.object("events", events));
  }

  private static void answer(Context context, int status, Map<String, @Nullable Object> object) {
    context.status(status).contentType("application/json").result(Json.write(object));
  }
}

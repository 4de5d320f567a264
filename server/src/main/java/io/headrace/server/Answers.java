package io.headrace.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.connector.Publisher.Receipt;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Answers to requests, as JSON. */
final class Answers {
  private static final JsonFactory JSON = new JsonFactory();

  private Answers() {}

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  static void refuse(Context context, int status, String message, String hint) {
    answer(
        context,
        status,
        json -> {
          json.writeStringField("error", message);
          json.writeStringField("hint", hint);
        });
  }

  static void accept(Context context, List<Receipt> receipts) {
    answer(
        context,
        200,
        json -> {
          json.writeArrayFieldStart("events");
          for (Receipt receipt : receipts) {
            json.writeStartObject();
            json.writeNumberField("partition", receipt.partition());
            json.writeNumberField("offset", receipt.offset());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void answer(Context context, int status, Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    context.status(status).contentType("application/json").result(bytes.toByteArray());
  }
}

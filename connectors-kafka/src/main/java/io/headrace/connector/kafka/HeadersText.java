package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Headers of messages as a JSON object: the text of each by its name, and of a name that is there
 * several times, a list of them in their order. Not for several threads.
 */
final class HeadersText {
  private static final JsonFactory JSON = new JsonFactory();

  private final MessageText text = new MessageText();

  /** The object, or null if there are no headers. */
  @Nullable String text(Headers headers) throws IOException {
    if (!headers.iterator().hasNext()) {
      return null;
    }
    Map<String, List<byte @Nullable []>> byName = new LinkedHashMap<>();
    for (Header header : headers) {
      byName
          .computeIfAbsent(MessageText.whole(header.key()), name -> new ArrayList<>())
          .add(header.value());
    }
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, List<byte @Nullable []>> header : byName.entrySet()) {
        json.writeFieldName(header.getKey());
        List<byte @Nullable []> values = header.getValue();
        if (values.size() > 1) {
          json.writeStartArray();
        }
        for (byte[] value : values) {
          // A header may have no value; JSON's generator writes null then.
          json.writeString(
              value == null ? null : text.of(value).orElseGet(() -> MessageText.hex(value)));
        }
        if (values.size() > 1) {
          json.writeEndArray();
        }
      }
      json.writeEndObject();
    }
    return out.toString();
  }
}

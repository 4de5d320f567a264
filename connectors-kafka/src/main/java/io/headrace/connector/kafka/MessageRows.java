package io.headrace.connector.kafka;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CsvRow;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Writes messages as rows, with the columns of {@link TopicSettings}. Not for several threads. */
final class MessageRows {
  /** The first millisecond of the year 10000. */
  private static final long TIME_END = Instant.parse("+10000-01-01T00:00:00Z").toEpochMilli();

  /** Each byte that is no text is four characters; of a message that is larger, this is kept. */
  private static final int MOST_RAW = 1 << 20;

  private final TopicSettings settings;
  private final CsvFiles readable;
  private final CsvFiles unreadable;
  private final Optional<MessageFields> fields;
  private final MessageText text = new MessageText();
  private final HeadersText headers = new HeadersText();
  private final CsvRow row = new CsvRow();
  private long second = -1;
  private String secondText = "";

  /**
   * @param fields takes the fields of messages; empty if their text is the only one
   * @param readable takes the rows without an error
   * @param unreadable takes the others
   */
  MessageRows(
      TopicSettings settings,
      Optional<MessageFields> fields,
      CsvFiles readable,
      CsvFiles unreadable) {
    this.settings = settings;
    this.fields = fields;
    this.readable = readable;
    this.unreadable = unreadable;
  }

  void add(ConsumerRecord<byte @Nullable [], byte @Nullable []> message) throws IOException {
    row.plain(Integer.toString(message.partition()));
    row.separate();
    row.plain(Long.toString(message.offset()));
    row.separate();
    timestamp(message.timestamp());
    row.separate();
    byte[] key = message.key();
    if (key != null) {
      put(text.of(key).orElseGet(() -> MessageText.hex(key)));
    }
    row.separate();
    String named = headers.text(message.headers());
    if (named != null) {
      put(named);
    }
    row.separate();
    byte[] value = message.value();
    String error = value == null || fields.isEmpty() ? null : fields.get().read(value);
    boolean isText = fields.isEmpty() || error != null;
    Optional<String> raw = Optional.empty();
    if (value != null && (isText || settings.keepsRaw())) {
      raw = settings.format().isBinary() ? Optional.of(cut(value)) : text.of(value);
      error = isText && raw.isEmpty() ? "not UTF-8; `raw::BLOB` has its bytes" : error;
    }
    if (error != null && value != null && value.length > MOST_RAW && settings.format().isBinary()) {
      error += "; `raw` has the first %,d of %,d bytes".formatted(MOST_RAW, value.length);
    }
    boolean isShown = error != null || settings.keepsRaw();
    if (fields.isPresent()) {
      fields(fields.get(), value != null && error == null);
    } else {
      raw.ifPresent(this::put);
    }
    row.separate();
    if (isShown) {
      put(settings.topic());
    }
    row.separate();
    if (isShown && value != null) {
      put(raw.orElseGet(() -> MessageText.hex(value)));
    }
    row.separate();
    if (error != null) {
      put(MessageText.whole(error));
    }
    row.end(error == null ? readable : unreadable);
  }

  private static String cut(byte[] value) {
    return MessageText.hex(value.length > MOST_RAW ? Arrays.copyOf(value, MOST_RAW) : value);
  }

  private void fields(MessageFields message, boolean areThere) {
    for (int i = 0; i < settings.fields().size(); i++) {
      if (i > 0) {
        row.separate();
      }
      String value = areThere ? message.text(i) : null;
      if (value != null && settings.fields().get(i).type().isQuoted()) {
        put(value);
      } else if (value != null) {
        row.plain(value);
      }
    }
  }

  private void put(String any) {
    if (!row.quoted(any)) {
      throw new IllegalStateException("Half of a character in a message");
    }
  }

  /** Nothing if the message has none, or one that is no time of this age. */
  private void timestamp(long millis) {
    if (millis < 0 || millis >= TIME_END) {
      return;
    }
    long now = Math.floorDiv(millis, 1000L);
    if (now != second) {
      second = now;
      LocalDateTime time = LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC);
      String date = time.toLocalDate() + "T" + time.toLocalTime();
      secondText = (time.getSecond() == 0 ? date + ":00" : date) + ".";
    }
    row.plain(secondText);
    int rest = Math.toIntExact(Math.floorMod(millis, 1000L));
    row.plain(rest < 10 ? "00" : rest < 100 ? "0" : "");
    row.plain(rest + "Z");
  }
}

package io.headrace.connector.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes rows out of one answer after the other. Not for several threads. */
interface Document {
  /**
   * Reads an answer to its end.
   *
   * @throws InvalidAnswerException if it is not what the source says
   */
  Page read(Reader text, RowSink rows) throws IOException;

  /**
   * What an answer has besides rows.
   *
   * @param elements of its first list, whatever number of rows is made of them
   * @param token what it says is asked for next
   */
  record Page(long elements, Optional<String> token) {}

  /** The reader of the answers of a source. */
  static Document of(ApiSettings settings) {
    return settings.format() == ApiSettings.Format.CSV
        ? new CsvDocument(settings.fields())
        : new JsonDocument(settings);
  }

  /** The text of bytes, in which anything that is no text is an error. */
  static Reader text(InputStream bytes, Charset charset) throws IOException {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                bytes,
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    return text;
  }

  /** The texts of a row, of which the reader of a document makes one after the other. */
  final class Row {
    private static final int MOST_SHOWN = 100;

    private final List<Field> fields;
    private final @Nullable String[] texts;

    Row(List<Field> fields) {
      this.fields = fields;
      this.texts = new @Nullable String[fields.size()];
    }

    @Nullable String[] texts() {
      return texts;
    }

    /** Sets a column to a value of the document. */
    void set(int index, Json value) throws IOException {
      Field field = fields.get(index);
      if (value instanceof Json.Null) {
        texts[index] = null;
        return;
      }
      String text;
      if (value instanceof Json.Scalar scalar) {
        text = field.type().text(scalar);
        if (text == null) {
          throw unfit(field, scalar.text());
        }
      } else {
        StringBuilder json = new StringBuilder();
        value.write(json);
        text = json.toString();
        if (!field.type().isQuoted()) {
          throw unfit(field, text);
        }
      }
      texts[index] = text;
    }

    private static InvalidAnswerException unfit(Field field, String text) {
      String shown = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
      return new InvalidAnswerException(
          "column '%s' has the value '%s', which is not exactly a value of type %s"
              .formatted(field.column().name(), shown, field.column().type()),
          "Declare it as VARCHAR, and convert it in a query");
    }
  }
}

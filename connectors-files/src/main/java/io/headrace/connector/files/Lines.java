package io.headrace.connector.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes JSON objects, each on a line of its own. */
final class Lines {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Lines() {}

  static JsonGenerator open(Path target) throws IOException {
    JsonGenerator out =
        FACTORY.createGenerator(new BufferedOutputStream(Files.newOutputStream(target)));
    out.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    return out;
  }
}

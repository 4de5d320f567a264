package io.headrace.engine.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns what DuckDB reports into what a user can act on. */
final class SqlErrors {
  /** Suggestions of tables that describe the engine, which help nobody. */
  private static final Pattern OWN_TABLES =
      Pattern.compile("Did you mean \"(pg_|duckdb_|pragma_|sqlite_|information_schema).*");

  private static final String CANDIDATES = "Candidate bindings:";

  private SqlErrors() {}

  /** The exception to throw for {@code e}, which {@code script} met. */
  static HeadraceException translate(SQLException e, Script script, Cancellation cancel) {
    String message = String.valueOf(e.getMessage());
    JsonNode error = parse(message);
    String type = error.path("exception_type").asText();
    if (cancel.isRequested() && (type.equals("Interrupt") || message.contains("INTERRUPT"))) {
      return new CancelledException(cancel.reason());
    }
    return translate(error, type, script, Optional.of(e));
  }

  /** The exception to throw for an error that a function such as json_serialize_plan returned. */
  static QueryException translate(JsonNode error, String type, Script script) {
    return translate(error, type, script, Optional.empty());
  }

  private static QueryException translate(
      JsonNode error, String type, Script script, Optional<Exception> cause) {
    String text = error.path("exception_message").asText(error.path("error_message").asText());
    text = text.replace(SqlText.identifier(Database.DEFAULT_SCHEMA) + ".", "");
    text = text.replace(Database.DEFAULT_SCHEMA + ".", "");
    int offset = error.has("position") ? script.userOffset(error.path("position").asLong()) : -1;
    boolean csv = text.startsWith("CSV Error");
    return new QueryException(
        csv ? csvMessage(text) : firstLine(text),
        csv ? csvHint(text) : hint(text, type),
        offset,
        type.equals("Out of Memory"),
        cause.orElse(null));
  }

  /** What went wrong, on one line. */
  static String reason(SQLException e) {
    return firstLine(parse(String.valueOf(e.getMessage())).path("exception_message").asText());
  }

  private static JsonNode parse(String message) {
    int start = message.indexOf('{');
    if (start >= 0) {
      try {
        JsonNode node = Json.MAPPER.readTree(message.substring(start));
        if (node.has("exception_message")) {
          return node;
        }
      } catch (JsonProcessingException e) {
        // A message that holds a brace, then, rather than one in JSON.
      }
    }
    return Json.MAPPER.createObjectNode().put("exception_message", message);
  }

  /** The first line of a message, without the punctuation at its end. */
  static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    return line.endsWith("!") || line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static String hint(String text, String type) {
    if (type.equals("Out of Memory")) {
      return "Raise `--memory`, or give the query less to hold at once: fewer columns, smaller groups";
    }
    String rest = otherLines(text);
    if (rest.startsWith(CANDIDATES)) {
      return "Did you mean %s?".formatted(rest.substring(CANDIDATES.length()).strip());
    }
    return rest.isEmpty() && type.equals("Conversion")
        ? "Mend the data, or write TRY_CAST(... AS ...), which makes NULL of what does not convert"
        : rest;
  }

  private static String otherLines(String text) {
    return text.lines()
        .skip(1)
        .takeWhile(line -> !line.startsWith("LINE ") && !line.startsWith("See also"))
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !OWN_TABLES.matcher(line).matches())
        .collect(Collectors.joining("\n"));
  }

  private static String csvMessage(String text) {
    List<String> lines = text.lines().takeWhile(line -> !line.isBlank()).toList();
    String file = valueOf(text, "file = ");
    String place = lines.get(0).replace("CSV Error on Line:", "line");
    String what =
        lines.stream()
            .skip(1)
            .takeWhile(line -> !line.startsWith("Possible fixes"))
            .filter(line -> !line.startsWith("Original Line:"))
            .map(SqlErrors::firstLine)
            .collect(Collectors.joining(": "));
    return (file.isEmpty() ? place : file + ", " + place) + ": " + what;
  }

  private static String csvHint(String text) {
    String original = valueOf(text, "Original Line: ");
    return original.isEmpty() ? "" : "The line is: " + original;
  }

  private static String valueOf(String text, String label) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()))
        .findFirst()
        .orElse("");
  }
}

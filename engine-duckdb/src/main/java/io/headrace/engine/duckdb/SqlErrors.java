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
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns what DuckDB reports into what a user can act on. */
final class SqlErrors {
  /** Suggestions of tables that describe the engine, which help nobody. */
  private static final Pattern OWN_TABLES =
      Pattern.compile("Did you mean \"(pg_|duckdb_|pragma_|sqlite_|information_schema).*");

  private static final long ALLOWED_LINE = 200_000_000;

  /** So many characters of a line tell which one it is. */
  private static final int SHOWN = 300;

  /** Kinds of errors that are no matter of what is in a file. */
  private static final Set<String> OF_QUERIES =
      Set.of("Binder", "Parser", "Catalog", "Out of Memory", "Permission", "Interrupt");

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
    String message = csv ? csvMessage(text) : firstLine(text);
    String hint = csv ? csvHint(text) : hint(text, type);
    boolean isOfFile = !script.paths().isEmpty() && !OF_QUERIES.contains(type);
    return new QueryException(
        isOfFile && script.isInternal() ? named(message, script.paths()) : message,
        isOfFile && hint.isEmpty() ? fileHint(message, script.paths()) : hint,
        offset,
        type.equals("Out of Memory"),
        cause.orElse(null));
  }

  /** The message with the files in it, one of which is to blame, if it names none. */
  private static String named(String message, List<String> paths) {
    if (paths.stream().anyMatch(message::contains)) {
      return message;
    }
    String first = paths.get(0);
    return paths.size() == 1
        ? "Cannot read '%s': %s".formatted(first, message)
        : "Cannot read one of %d files, the first of which is '%s': %s"
            .formatted(paths.size(), first, message);
  }

  private static String fileHint(String message, List<String> paths) {
    return message.contains("utf-8")
        ? "Say which encoding it has: `options: {encoding: latin-1}` or `utf-16`"
        : "Is %s complete, and of the right format?"
            .formatted(paths.size() == 1 ? "the file" : "each of the files");
  }

  /** What went wrong, on one line. */
  static String reason(SQLException e) {
    return firstLine(parse(String.valueOf(e.getMessage())).path("exception_message").asText());
  }

  /** What DuckDB calls the kind of an error. */
  static String type(SQLException e) {
    return parse(String.valueOf(e.getMessage())).path("exception_type").asText();
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
    if (text.contains("Maximum line size")) {
      return "If it is one row, allow for it: `options: {max_line_size: %d, buffer_size: %d}`; or is"
              .formatted(ALLOWED_LINE, 2 * ALLOWED_LINE)
          + " there a quote that does not end?";
    }
    if (text.contains("utf-8")) {
      return "";
    }
    String original = valueOf(text, "Original Line: ");
    String begin = original.length() > SHOWN ? original.substring(0, SHOWN) + "..." : original;
    return original.isEmpty() ? "" : "The line is: " + begin;
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

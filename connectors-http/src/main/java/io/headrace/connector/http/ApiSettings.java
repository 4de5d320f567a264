package io.headrace.connector.http;

import io.headrace.connector.SourceSettings;
import io.headrace.connector.staging.FieldTypes;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which rows of an API a source is.
 *
 * @param path begins with a slash
 * @param parameters of every request that is not for an address that the API gave
 * @param newest parameters with which the API gives the newest row first; empty if none do
 * @param since the parameter that takes a position; empty if none does
 */
record ApiSettings(
    String path,
    SortedMap<String, String> parameters,
    Format format,
    RecordPath records,
    List<Field> fields,
    Pages pages,
    Optional<Cursor> cursor,
    String since,
    SortedMap<String, String> newest) {
  ApiSettings {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    fields = List.copyOf(fields);
    newest = Collections.unmodifiableSortedMap(new TreeMap<>(newest));
  }

  /** What answers are. */
  enum Format {
    JSON("application/json"),
    NDJSON("application/x-ndjson, application/jsonl, application/json;q=0.5, */*;q=0.1"),
    CSV("text/csv, */*;q=0.1");

    private final String accept;

    Format(String accept) {
      this.accept = accept;
    }

    String accept() {
      return accept;
    }
  }

  /**
   * What a source says.
   *
   * @throws HeadraceException if something in it has no meaning
   */
  static ApiSettings of(SourceSettings source) {
    SortedMap<String, String> said = source.settings();
    String path = said.getOrDefault("path", "");
    if (!path.matches("/[^?#\\s]*")) {
      throw new HeadraceException(
          "Cannot use the path '%s' of an API".formatted(path),
          "Write it with a slash at its beginning, such as `path: /v1/orders`; what follows a `?`"
              + " belongs to `parameters`");
    }
    Format format =
        switch (said.getOrDefault("format", "json")) {
          case "ndjson" -> Format.NDJSON;
          case "csv" -> Format.CSV;
          default -> Format.JSON;
        };
    List<Field> fields = new ArrayList<>();
    SortedMap<String, String> paths = below(said, "fields.");
    RecordPath records = RecordPath.of(said.getOrDefault("records", ""));
    for (DeclaredColumn column : source.columns()) {
      fields.add(field(column, Optional.ofNullable(paths.get(column.name())), format, records));
    }
    if (fields.isEmpty()) {
      throw new HeadraceException(
          "The source of '%s' has no `columns`".formatted(path),
          "Name fields of the rows and their types: `columns: {id: BIGINT}`");
    }
    return new ApiSettings(
        path,
        below(said, "parameters."),
        format,
        records,
        fields,
        pages(said),
        Optional.ofNullable(said.get("cursor"))
            .map(name -> Cursor.of(name, path, source.columns(), said.get("lag"))),
        said.getOrDefault("since", ""),
        below(said, "newest."));
  }

  private static Field field(
      DeclaredColumn column, Optional<String> path, Format format, RecordPath records) {
    if (path.isEmpty() || format == Format.CSV) {
      // A name may have a point in it, unless a path is written.
      return new Field(column, FieldTypes.of(column), 0, List.of(path.orElse(column.name())));
    }
    String rest = path.get();
    int up = 0;
    while (rest.startsWith("^.")) {
      rest = rest.substring(2);
      up++;
    }
    if (up >= records.depth()) {
      throw new HeadraceException(
          "The field '%s' of column '%s' is further out than the rows are in"
              .formatted(path.get(), column.name()),
          "Each `^.` is one list further out, and `records` has %d".formatted(records.depth()));
    }
    return new Field(column, FieldTypes.of(column), up, RecordPath.names(rest));
  }

  private static Pages pages(SortedMap<String, String> said) {
    Map<String, String> size =
        said.containsKey("pages.size_parameter")
            ? Map.of(
                said.getOrDefault("pages.size_parameter", ""),
                said.getOrDefault("pages.size", "100"))
            : Map.of();
    List<String> token = RecordPath.names(said.getOrDefault("pages.token", ""));
    return switch (said.getOrDefault("pages.kind", "")) {
      case "page" ->
          new Pages.Numbered(
              said.getOrDefault("pages.parameter", "page"),
              Long.parseLong(said.getOrDefault("pages.first", "1")),
              size);
      case "offset" -> new Pages.Offset(said.getOrDefault("pages.parameter", "offset"), size);
      case "cursor" -> new Pages.Token(said.getOrDefault("pages.parameter", "cursor"), token, size);
      case "next" -> new Pages.Next(token, size);
      case "link" -> new Pages.Link(size);
      default -> new Pages.Single();
    };
  }

  private static SortedMap<String, String> below(SortedMap<String, String> said, String prefix) {
    SortedMap<String, String> found = new TreeMap<>();
    said.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), value);
          }
        });
    return found;
  }

  List<DeclaredColumn> columns() {
    return fields.stream().map(Field::column).toList();
  }
}

package io.headrace.engine.duckdb;

import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.engine.Query.PathColumn;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.StructOf;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes the SQL that reads files. */
final class Scans {
  private static final Pattern OPTION = Pattern.compile("[a-z_]+");

  private Scans() {}

  /** A query for all rows of a version, its columns found in the files by field id if need be. */
  static String of(TableData data) {
    return data.files().isEmpty() ? empty(data.schema()) : read(data, "");
  }

  /** The same with the place of each row's file among the version's files as a column. */
  static String withFileIndex(TableData data, String column) {
    return data.files().isEmpty()
        ? "SELECT *, 0 AS %s FROM (%s)".formatted(column, empty(data.schema()))
        : read(data, ", file_index AS " + column);
  }

  private static String read(TableData data, String more) {
    String files =
        data.files().stream()
            .map(DataFile::path)
            .map(SqlText::literal)
            .collect(Collectors.joining(", ", "[", "]"));
    List<Column> columns = data.schema().columns();
    // With a schema, DuckDB takes every table for one of a single row when it plans joins.
    String options = data.isUniform() ? "hive_partitioning = false" : "schema = " + fields(columns);
    return "SELECT %s%s FROM read_parquet(%s, %s)".formatted(names(columns), more, files, options);
  }

  /** A query for no rows. */
  static String empty(TableSchema schema) {
    return schema.columns().stream()
        .map(
            column ->
                "NULL::%s AS %s"
                    .formatted(Types.toDuckDb(column.type()), SqlText.identifier(column.name())))
        .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
  }

  private static String names(List<Column> columns) {
    return columns.stream()
        .map(column -> SqlText.identifier(column.name()))
        .collect(Collectors.joining(", "));
  }

  private static String fields(List<Column> columns) {
    return columns.stream().map(Scans::field).collect(Collectors.joining(", ", "map {", "}"));
  }

  private static String field(Column column) {
    String children = children(column.type());
    return "%d: {'name': %s, 'type': %s, 'default_value': NULL%s}"
        .formatted(
            column.id(),
            SqlText.literal(column.name()),
            SqlText.literal(Types.toDuckDb(column.type())),
            children.isEmpty() ? "" : ", 'children': " + children);
  }

  private static String children(ColumnType type) {
    if (type instanceof StructOf struct) {
      return fields(struct.fields());
    }
    if (type instanceof ListOf list) {
      return fields(List.of(list.element()));
    }
    return type instanceof MapOf map ? fields(List.of(map.key(), map.value())) : "";
  }

  /** A query for all rows of some data files. */
  static String of(FileScan scan) {
    if (scan.files().isEmpty()) {
      throw new HeadraceException(
          "Cannot read %s files: there are none".formatted(scan.format()), "");
    }
    StringBuilder call = new StringBuilder("read_").append(scan.format()).append('(');
    call.append(
        scan.files().stream()
            .map(Path::toString)
            .map(SqlText::literal)
            .collect(Collectors.joining(", ", "[", "]")));
    if (scan.files().size() > 1 && !scan.options().containsKey("union_by_name")) {
      call.append(", union_by_name = true");
    }
    declare(scan, call);
    call.append(options(scan.options()));
    StringBuilder selection = new StringBuilder(selection(scan));
    for (PathColumn column : scan.pathColumns()) {
      selection
          .append(", regexp_extract(filename, ")
          .append(SqlText.literal(column.pattern()))
          .append(", 1) AS ")
          .append(SqlText.identifier(column.name()));
    }
    return "SELECT " + selection + " FROM " + call.append(')');
  }

  private static void declare(FileScan scan, StringBuilder call) {
    if (scan.columns().isEmpty() || scan.format() == Format.PARQUET) {
      return;
    }
    String types =
        scan.columns().stream()
            .map(column -> SqlText.literal(column.name()) + ": " + SqlText.literal(column.type()))
            .collect(Collectors.joining(", ", "{", "}"));
    if (scan.format() == Format.JSON) {
      call.append(", columns = ").append(types);
    } else if (hasHeader(scan)) {
      // Columns by name: `columns` would go by position and mix up files that order them
      // differently.
      call.append(", types = ").append(types);
      if (!scan.options().containsKey("header")) {
        call.append(", header = true");
      }
    } else {
      call.append(", columns = ").append(types);
    }
  }

  private static boolean hasHeader(FileScan scan) {
    String header = scan.options().getOrDefault("header", "true").toLowerCase(Locale.ROOT);
    return !header.equals("false") && !header.equals("0");
  }

  private static String selection(FileScan scan) {
    if (scan.columns().isEmpty()) {
      return "*";
    }
    return scan.columns().stream()
        .map(column -> selected(column, scan.format()))
        .collect(Collectors.joining(", "));
  }

  private static String selected(DeclaredColumn column, Format format) {
    String name = SqlText.identifier(column.name());
    return format == Format.PARQUET
        ? "CAST(%s AS %s) AS %s".formatted(name, column.type(), name)
        : name + " AS " + name;
  }

  /** More arguments of a function that reads files, each behind a comma. */
  static String options(SortedMap<String, String> options) {
    return options.entrySet().stream()
        .map(option -> ", " + option(option.getKey(), option.getValue()))
        .collect(Collectors.joining());
  }

  private static String option(String name, String value) {
    if (!OPTION.matcher(name).matches()) {
      throw new HeadraceException("Cannot read files: invalid option '%s'".formatted(name), "");
    }
    String text = value.strip();
    boolean isList =
        (text.startsWith("[") && text.endsWith("]"))
            || (text.startsWith("{") && text.endsWith("}"));
    return name + " = " + (isList ? text : SqlText.literal(value));
  }
}

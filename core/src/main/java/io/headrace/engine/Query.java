package io.headrace.engine;

import static java.util.Objects.requireNonNull;

import io.headrace.table.KeyRule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an engine executes. */
public sealed interface Query {

  /** One SQL query, in the engine's dialect. */
  record Select(String sql) implements Query {
    public Select {
      requireNonNull(sql, "sql is null");
    }
  }

  /**
   * A query with columns in front of its own, each of one value.
   *
   * @param columns one or more
   */
  record WithColumns(Select query, List<FixedColumn> columns) implements Query {
    public WithColumns {
      requireNonNull(query, "query is null");
      columns = List.copyOf(columns);
    }
  }

  /**
   * A column that has the same value in all rows.
   *
   * @param literal the value, in SQL
   */
  record FixedColumn(String name, String literal) {}

  /**
   * All rows of some data files.
   *
   * @param files absolute paths, one or more, in order
   * @param columns declared columns; if empty, the files say or the engine infers
   * @param pathColumns columns that the paths of the files give
   * @param options of the format, such as {@code delim} or {@code header} of CSV
   */
  record FileScan(
      Format format,
      List<Path> files,
      List<DeclaredColumn> columns,
      List<PathColumn> pathColumns,
      SortedMap<String, String> options)
      implements Query {
    public FileScan {
      requireNonNull(format, "format is null");
      files = List.copyOf(files);
      columns = List.copyOf(columns);
      pathColumns = List.copyOf(pathColumns);
      options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /** The same of other files. */
    public FileScan with(List<Path> others) {
      return new FileScan(format, others, columns, pathColumns, options);
    }
  }

  /** The rows of a query with a moment as one more column, the last one. */
  record Stamped(Query rows, String column, Instant moment) implements Query {
    public Stamped {
      requireNonNull(rows, "rows is null");
      requireNonNull(column, "column is null");
      requireNonNull(moment, "moment is null");
    }
  }

  /**
   * All records of some text files, also those that cannot be read: they have the reason in {@link
   * Sifting#ERROR} and no values. Each row has the columns {@code (source)}, {@code (position)} and
   * {@code (raw)}, which say what it was before.
   *
   * @param texts the files; for an engine, with the values as texts or, of JSON, with the records
   * @param of what the files are
   * @param columns declared ones, one or more
   */
  record Checked(FileScan texts, Format of, List<DeclaredColumn> columns) implements Query {
    public Checked {
      requireNonNull(texts, "texts is null");
      requireNonNull(of, "of is null");
      columns = List.copyOf(columns);
    }
  }

  /**
   * A half of the rows of a query.
   *
   * @param rows a {@link Select}, a {@link FileScan} or a {@link Checked}
   */
  record Sifted(Query rows, Sifting sifting) implements Query {
    public Sifted {
      requireNonNull(rows, "rows is null");
      requireNonNull(sifting, "sifting is null");
    }
  }

  /**
   * What a rule for keys makes of the rows of a query.
   *
   * @param rows any other query
   */
  record Keyed(Query rows, KeyRule rule) implements Query {
    public Keyed {
      requireNonNull(rows, "rows is null");
      requireNonNull(rule, "rule is null");
    }
  }

  /** A file format that can be read. */
  enum Format {
    CSV,
    PARQUET,
    JSON,
    AVRO,
    EXCEL,
    XML;

    /** Whether every engine reads such files itself. */
    public boolean isNative() {
      return this == CSV || this == PARQUET || this == JSON;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A column of text that is part of a file's path.
   *
   * @param pattern a regular expression that finds the path, with the value as its one group
   */
  record PathColumn(String name, String pattern) {
    public PathColumn {
      requireNonNull(name, "name is null");
      requireNonNull(pattern, "pattern is null");
    }

    /** The value that a path gives. */
    public Optional<String> valueOf(String path) {
      Matcher matcher = Pattern.compile(pattern).matcher(path);
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
  }

  /**
   * A column that the project declares.
   *
   * @param type as the engine spells it, such as {@code DECIMAL(10, 2)}
   */
  record DeclaredColumn(String name, String type) {}
}

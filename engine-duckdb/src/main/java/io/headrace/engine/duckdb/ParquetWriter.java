package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the rows of queries as the data files of one draft. */
final class ParquetWriter {
  private static final String FILE_SIZE = "256MB";

  /** From so many bytes of input on, many files are worth more than the order of the rows. */
  private static final long LARGE_INPUT = 512L << 20;

  /**
   * The same for files that are copied as they are: all their rows are written, so that each thread
   * has enough of them for a file of its own, which saves a fifth of the time.
   */
  private static final long LARGE_SCAN = 8L << 20;

  /**
   * Files of sorted tables have about a million rows: so a change of a few keys rewrites little,
   * and a table of a billion rows has no more than a thousand files.
   */
  private static final int SORTED_ROW_GROUPS = 8;

  private final Workspace workspace;
  private final TableStore.Draft draft;
  private final List<? extends PartitionSet> partitions;
  private final PartitionKeys keys;
  private final Map<String, Column> leaves;

  ParquetWriter(
      Workspace workspace, TableStore.Draft draft, List<? extends PartitionSet> partitions) {
    this.workspace = workspace;
    this.draft = draft;
    this.partitions = partitions;
    this.keys = new PartitionKeys(draft.schema(), draft.partitioning());
    this.leaves = FieldIds.leaves(draft.schema().columns());
  }

  /** Copies files as they are. Either returns all files that it made, or leaves none. */
  List<DataFile> copyAll(Script scan, Cancellation cancel) {
    return write(scan, List.of(), LARGE_SCAN, cancel);
  }

  /** Runs the query. Either returns all files that it made, or leaves none. */
  List<DataFile> write(Script query, Cancellation cancel) {
    return write(query, List.of(), LARGE_INPUT, cancel);
  }

  /**
   * The same, with rows in the order of some columns and many files that each have a range of their
   * own, or nearly so. Partitions are in no order.
   */
  List<DataFile> writeSorted(Script query, List<String> columns, Cancellation cancel) {
    return write(query, keys.isEmpty() ? columns : List.of(), LARGE_INPUT, cancel);
  }

  private List<DataFile> write(Script query, List<String> order, long large, Cancellation cancel) {
    // In the names of all files of this call and no others, so that they can be found again.
    String mark = UUID.randomUUID().toString();
    // DuckDB keeps the order of rows only while it writes a single file.
    boolean single = keys.isEmpty() && order.isEmpty() && bytes(query, cancel) < large;
    Script copy = copy(query, order, mark, single);
    boolean done = false;
    try {
      List<DataFile> files = workspace.run(copy, cancel, s -> files(s.executeQuery(copy.sql())));
      done = true;
      return files;
    } finally {
      if (!done) {
        deleteAll(mark);
      }
    }
  }

  private Script copy(Script query, List<String> order, String mark, boolean single) {
    Path folder = draft.dataFolder().toAbsolutePath();
    List<Column> columns = draft.schema().columns();
    Script select = Projections.typed(query, columns);
    if (!partitions.isEmpty()) {
      String inside = PartitionConditions.inside(partitions, draft.schema());
      select = select.within("SELECT * FROM (", ") WHERE " + inside);
    }
    if (!keys.isEmpty()) {
      select = select.within("SELECT *, " + keys.expressions() + " FROM (", ")");
    }
    if (!order.isEmpty()) {
      select = select.within("SELECT * FROM (", ") ORDER BY " + SqlText.identifiers(order));
    }
    return select.within(
        "COPY (",
        ") TO %s (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, RETURN_STATS, FIELD_IDS %s%s)"
            .formatted(
                SqlText.literal(folder + (single ? "/" + mark + ".parquet" : "")),
                FieldIds.toSql(columns),
                single ? ", USE_TMP_FILE false" : split(mark, !order.isEmpty())));
  }

  /** Options that make DuckDB write files of its own naming to a folder. */
  private String split(String mark, boolean sorted) {
    String unsorted =
        keys.isEmpty()
            ? "PER_THREAD_OUTPUT, FILE_SIZE_BYTES '" + FILE_SIZE + "'"
            : "PARTITION_BY (" + keys.names() + "), HIVE_FILE_PATTERN false";
    return ", APPEND true, FILENAME_PATTERN '%s-{uuidv7}', %s"
        .formatted(mark, sorted ? "ROW_GROUPS_PER_FILE " + SORTED_ROW_GROUPS : unsorted);
  }

  private long bytes(Script query, Cancellation cancel) {
    long bytes = workspace.bindings().bytes(query.sql());
    return query.paths().isEmpty() ? bytes : bytes + bytes(query.paths(), cancel);
  }

  private long bytes(List<String> paths, Cancellation cancel) {
    long bytes = 0;
    List<String> globs = new ArrayList<>();
    for (String path : paths) {
      Path file = Path.of(path.startsWith("file:") ? path.replaceFirst("file:/*", "/") : path);
      if (Files.isRegularFile(file)) {
        bytes += file.toFile().length();
      } else {
        globs.add(SqlText.literal(path));
      }
    }
    if (globs.isEmpty()) {
      return bytes;
    }
    // Does not read the files as long as nothing asks for their content.
    Script sum =
        Script.internal(
            "SELECT coalesce(sum(size), 0)::BIGINT FROM read_blob(["
                + String.join(", ", globs)
                + "])");
    return bytes
        + workspace.run(
            sum,
            cancel,
            statement -> {
              try (ResultSet results = statement.executeQuery(sum.sql())) {
                return results.next() ? results.getLong(1) : 0;
              }
            });
  }

  private List<DataFile> files(ResultSet results) throws SQLException {
    List<DataFile> files = new ArrayList<>();
    try (results) {
      while (results.next()) {
        String path = results.getString("filename");
        long rows = results.getLong("count");
        if (rows == 0) {
          delete(Path.of(path));
          continue;
        }
        files.add(
            new DataFile(
                path,
                rows,
                results.getLong("file_size_bytes"),
                keys.values(strings(results.getObject("partition_keys"))),
                statistics(results.getObject("column_statistics"))));
      }
    }
    return List.copyOf(files);
  }

  private Map<Integer, DataFile.Statistics> statistics(@Nullable Object reported) {
    Map<Integer, DataFile.Statistics> statistics = new HashMap<>();
    if (reported instanceof Map<?, ?> byPath) {
      byPath.forEach(
          (path, values) -> {
            Column column = leaves.get(String.valueOf(path));
            Map<String, String> texts = strings(values);
            if (column != null && texts != null) {
              statistics.put(column.id(), Bounds.statistics(column.type(), texts));
            }
          });
    }
    return statistics;
  }

  private static @Nullable Map<String, String> strings(@Nullable Object object) {
    if (!(object instanceof Map<?, ?> map)) {
      return null;
    }
    Map<String, String> result = new HashMap<>();
    map.forEach(
        (key, value) -> {
          if (value != null) {
            result.put(String.valueOf(key), value.toString());
          }
        });
    return result;
  }

  private void deleteAll(String mark) {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(draft.dataFolder(), "*" + mark + "*")) {
      left.forEach(ParquetWriter::delete);
    } catch (IOException e) {
      // Nothing refers to such files, so the garbage collection will find them.
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot delete file '%s': %s".formatted(file, e.getMessage()), "", e);
    }
  }
}

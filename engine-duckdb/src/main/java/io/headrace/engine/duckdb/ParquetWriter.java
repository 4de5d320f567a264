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
    if (draft.partitioning().stream().anyMatch(field -> field.buckets() > 0)) {
      workspace.enableBuckets();
    }
  }

  /** Copies files as they are. Either returns all files that it made, or leaves none. */
  List<DataFile> copyAll(Script scan, Cancellation cancel) {
    return write(scan, split(scan, LARGE_SCAN, cancel), List.of(), cancel);
  }

  /** Runs the query. Either returns all files that it made, or leaves none. */
  List<DataFile> write(Script query, Cancellation cancel) {
    return write(query, split(query, LARGE_INPUT, cancel), List.of(), cancel);
  }

  /**
   * The same, in many files of rows that the query reads one after the other, or nearly so: if they
   * are sorted there, each file has a range of its own. Partitions are in no order.
   */
  List<DataFile> writeInOrder(Script query, Cancellation cancel) {
    return writeSorted(query, List.of(), cancel);
  }

  /** The same with rows in the order of some columns. */
  List<DataFile> writeSorted(Script query, List<String> columns, Cancellation cancel) {
    return keys.isEmpty()
        ? write(query, Split.RANGES, columns, cancel)
        : write(query, Split.PARTITIONS, List.of(), cancel);
  }

  /** How rows are divided among files. */
  private enum Split {
    /** Not at all: the only way in which DuckDB keeps their order. */
    NONE,
    THREADS,
    RANGES,
    PARTITIONS
  }

  private Split split(Script query, long large, Cancellation cancel) {
    if (!keys.isEmpty()) {
      return Split.PARTITIONS;
    }
    return bytes(query, cancel) < large ? Split.NONE : Split.THREADS;
  }

  private List<DataFile> write(Script query, Split split, List<String> order, Cancellation cancel) {
    // In the names of all files of this call and no others, so that they can be found again.
    String mark = UUID.randomUUID().toString();
    Script copy = copy(query, split, order, mark);
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

  private Script copy(Script query, Split split, List<String> order, String mark) {
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
                SqlText.literal(folder + (split == Split.NONE ? "/" + mark + ".parquet" : "")),
                FieldIds.toSql(columns),
                options(split, mark)));
  }

  private String options(Split split, String mark) {
    String named = ", APPEND true, FILENAME_PATTERN '%s-{uuidv7}', ".formatted(mark);
    return switch (split) {
      case NONE -> ", USE_TMP_FILE false";
      case THREADS -> named + "PER_THREAD_OUTPUT, FILE_SIZE_BYTES '" + FILE_SIZE + "'";
      case RANGES -> named + "ROW_GROUPS_PER_FILE " + SORTED_ROW_GROUPS;
      case PARTITIONS -> named + "PARTITION_BY (" + keys.names() + "), HIVE_FILE_PATTERN false";
    };
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

package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
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

  private final Workspace workspace;
  private final TableStore.Draft draft;
  private final PartitionKeys keys;
  private final Map<String, Column> leaves;

  ParquetWriter(Workspace workspace, TableStore.Draft draft) {
    this.workspace = workspace;
    this.draft = draft;
    this.keys = new PartitionKeys(draft.schema(), draft.partitioning());
    this.leaves = FieldIds.leaves(draft.schema().columns());
  }

  /** Runs the query. Either returns all files that it made, or leaves none. */
  List<DataFile> write(Script query, Cancellation cancel) {
    // In the names of all files of this call and no others, so that they can be found again.
    String mark = UUID.randomUUID().toString().substring(0, 8);
    Script copy = copy(query, mark);
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

  private Script copy(Script query, String mark) {
    List<Column> columns = draft.schema().columns();
    Script select = Projections.typed(query, columns);
    if (!keys.isEmpty()) {
      select = select.within("SELECT *, " + keys.expressions() + " FROM (", ")");
    }
    // Without FILE_SIZE_BYTES or PARTITION_BY, DuckDB would take the folder for a file. A single
    // file is still written by all threads.
    String split =
        keys.isEmpty()
            ? "FILE_SIZE_BYTES '" + FILE_SIZE + "'"
            : "PARTITION_BY (" + keys.names() + "), HIVE_FILE_PATTERN false";
    return select.within(
        "COPY (",
        """
        ) TO %s (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, RETURN_STATS,
        APPEND true, FILENAME_PATTERN '%s-{uuidv7}', %s, FIELD_IDS %s)\
        """
            .formatted(
                SqlText.literal(draft.dataFolder().toAbsolutePath().toString()),
                mark,
                split,
                FieldIds.toSql(columns)));
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
        Files.newDirectoryStream(draft.dataFolder(), "*" + mark + "-*")) {
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

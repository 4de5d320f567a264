package io.headrace.rewrite;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes rows of files of one partition to new files of that partition. For one thread. */
public final class Rewriter {
  private final Session session;
  private final TableSchema readable;

  /** The rows are all of one partition already, which the engine need not find out again. */
  private final TableStore.Draft whole;

  /**
   * Writes files with the columns of the draft to its folder.
   *
   * @param readable the same columns under the names that conditions know them by
   */
  public Rewriter(Session session, TableStore.Draft draft, TableSchema readable) {
    this.session = session;
    this.readable = readable;
    this.whole =
        new TableStore.Draft(
            draft.table(), draft.base(), draft.schema(), List.of(), draft.dataFolder());
  }

  /** All rows, in the order of the files. Either returns all files that it made, or leaves none. */
  public List<DataFile> merge(List<DataFile> files, Cancellation cancel) {
    return write(files, "", cancel);
  }

  /**
   * The rows of a file for which a condition does not hold, in their order. Either returns all
   * files that it made, or leaves none.
   */
  public List<DataFile> without(DataFile file, String condition, Cancellation cancel) {
    // The line break ends a comment in the condition.
    String clause = " WHERE (%s\n) IS NOT TRUE".formatted(condition);
    return write(List.of(file), clause, cancel);
  }

  private List<DataFile> write(List<DataFile> files, String clause, Cancellation cancel) {
    session.bind(whole.table(), new TableData(readable, List.of(), files));
    String sql = "SELECT %s FROM %s%s".formatted(columns(), SqlNames.quote(whole.table()), clause);
    List<Optional<String>> partition = files.get(0).partition();
    return session.write(new Query.Select(sql), whole, cancel).stream()
        .map(
            file ->
                new DataFile(
                    file.path(), file.rowCount(), file.sizeBytes(), partition, file.statistics()))
        .toList();
  }

  /** The columns of the files, in their order and under their names there. */
  private String columns() {
    Map<Integer, String> names =
        readable.columns().stream().collect(Collectors.toMap(Column::id, Column::name));
    return whole.schema().columns().stream()
        .map(
            column ->
                SqlNames.quote(requireNonNull(names.get(column.id())))
                    + " AS "
                    + SqlNames.quote(column.name()))
        .collect(Collectors.joining(", "));
  }
}

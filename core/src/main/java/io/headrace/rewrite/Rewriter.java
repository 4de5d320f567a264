package io.headrace.rewrite;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.sql.SqlNames;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes rows of files of one partition to new files of that partition. For one thread. */
final class Rewriter {
  private final Session session;
  private final TableStore.Draft draft;

  /** The rows are all of one partition already, which the engine need not find out again. */
  private final TableStore.Draft whole;

  Rewriter(Session session, TableStore.Draft draft) {
    this.session = session;
    this.draft = draft;
    this.whole =
        new TableStore.Draft(
            draft.table(), draft.base(), draft.schema(), List.of(), draft.dataFolder());
  }

  /** All rows, in the order that they have. */
  List<DataFile> merge(List<DataFile> files, Cancellation cancel) {
    return write(files, List.of(), cancel);
  }

  /**
   * Either returns all files that it made, or leaves none.
   *
   * @param order columns to sort by; if there are none, the rows stay in the order of the files
   */
  private List<DataFile> write(List<DataFile> files, List<String> order, Cancellation cancel) {
    session.bind(draft.table(), new TableData(draft.schema(), draft.partitioning(), files));
    String sql =
        "SELECT * FROM "
            + SqlNames.quote(draft.table())
            + (order.isEmpty()
                ? ""
                : order.stream()
                    .map(SqlNames::quote)
                    .collect(Collectors.joining(", ", " ORDER BY ", "")));
    List<Optional<String>> partition = files.get(0).partition();
    return session.write(new Query.Select(sql), whole, cancel).stream()
        .map(
            file ->
                new DataFile(
                    file.path(), file.rowCount(), file.sizeBytes(), partition, file.statistics()))
        .toList();
  }

  /** Takes files away that nothing refers to. */
  static void delete(List<DataFile> files) {
    for (DataFile file : files) {
      try {
        Files.deleteIfExists(Path.of(file.path()));
      } catch (IOException e) {
        // Nothing refers to it, so that `gc` takes it.
      }
    }
  }
}

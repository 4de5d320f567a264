package io.headrace.engine;

import io.headrace.table.DataFile;
import java.util.List;

/**
 * New rows on their way into a version, by their keys: first {@link #add}, then {@link
 * #addEarlier}, or else {@link #addState}, then {@link #write}, each once. For one thread.
 *
 * <p>The result is what a {@link Query.Keyed} over all rows ever taken in would give. Methods throw
 * as those of {@link Session} do, and leave no files behind if they throw.
 */
public interface KeyedUpdate extends AutoCloseable {

  /** Takes in the rows that are new. */
  void add(Query rows);

  /**
   * Takes in again, of the rows that were taken in before, those that are no older than the oldest
   * new one and of the same keys: rows may arrive in any order, and a version does not remember
   * what was deleted.
   */
  void addEarlier(Query rows);

  /**
   * Takes in, instead of rows that say what changed, rows that say how things are at one moment,
   * each key once. What differs from the last state in the version has changed at that moment.
   *
   * @param isComplete whether a key that is not among the rows is gone; else it stays as it is
   */
  void addState(Query.Stamped rows, boolean isComplete);

  /** Writes the data files that hold rows that changed. */
  Written write();

  @Override
  void close();

  /**
   * What changed: both are empty if no row did, and otherwise the rows of the two are not the same.
   *
   * @param replaced files of the version before whose rows are in {@code files} now, or gone
   * @param files new files, as of {@link Session#write}
   */
  record Written(List<DataFile> replaced, List<DataFile> files) {
    public Written {
      replaced = List.copyOf(replaced);
      files = List.copyOf(files);
    }
  }
}

package io.headrace.catalog.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;

/** Opens a catalog that tells of each of its commits, and lets a test make them fail. */
public final class WatchedCatalog {
  private WatchedCatalog() {}

  /** Is told of each transaction that wrote something. */
  public interface Watcher {
    /** One that sees nothing. */
    Watcher NONE = new Watcher() {};

    /** Just before a commit, which does not happen if this throws. */
    default void beforeCommit() throws SQLException {}

    /** Just after a commit. */
    default void afterCommit() throws SQLException {}
  }

  /** Opens the catalog in {@code file}. */
  public static SqliteCatalog open(Path file, Watcher watcher) {
    return SqliteCatalog.open(
        file,
        sql -> {
          watcher.beforeCommit();
          Database.CommitStep.DEFAULT.commit(sql);
          watcher.afterCommit();
        });
  }
}

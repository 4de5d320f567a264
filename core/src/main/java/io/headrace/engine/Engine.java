package io.headrace.engine;

import io.headrace.sql.Analysis;
import java.nio.file.Path;
import java.util.List;

/**
 * Understands and executes queries. Safe for many threads; starting one is expensive, so a process
 * has one of each kind.
 */
public interface Engine extends AutoCloseable {

  /** Name and version, such as {@code duckdb 2.0.0}. */
  String identity();

  /**
   * Says of each statement what it reads, in the order given. Parses only: names are not resolved
   * and no file is opened.
   */
  List<Analysis> analyze(List<String> statements);

  /**
   * Opens a name space for queries. Sessions see nothing of each other and share the engine's
   * memory and threads.
   *
   * @param folder relative paths in queries start here
   */
  Session open(Path folder);

  @Override
  void close();
}

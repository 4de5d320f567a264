package io.headrace.connector;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The rows of one thing in an outside system, such as a table of a database. Not for several
 * threads. Every method throws {@link HeadraceException} if the system fails or refuses, with what
 * to do and without secrets; asking again is always allowed, and changes nothing there.
 */
public interface Source extends AutoCloseable {
  /** How far the rows of a first version go, however long it takes to tell. */
  default List<Position> positions() {
    return positions(List.of(), false, Cancellation.never());
  }

  /**
   * How far the rows of the next version go: one position for each part that grows by itself, and
   * none for a part without rows, unless it counts where that begins. A source that remembers where
   * its parts began tells so here, and one that bounds what is read at once goes no further. Always
   * empty if the source has no cursor, for then nothing tells one state of it from another.
   *
   * @param known the positions of the version that is there; empty if there is none
   * @param afresh whether all rows are made again. Then what is gone of them is given up, and
   *     otherwise it is an error
   * @throws CancelledException if {@code cancel} was requested
   */
  List<Position> positions(List<Position> known, boolean afresh, Cancellation cancel);

  /**
   * How many rows are behind some positions now, at most; empty if that takes more than a question.
   *
   * @param read the positions of a version
   * @throws CancelledException if {@code cancel} was requested
   */
  default OptionalLong behind(List<Position> read, Cancellation cancel) {
    return OptionalLong.empty();
  }

  /**
   * Whether it can be asked again after a while, as if it had been opened then, and holds up nobody
   * meanwhile.
   */
  default boolean mayStayOpen() {
    return false;
  }

  /**
   * The columns of its rows in order, with the types that the engine shall read them as. Those that
   * the project declares have the declared type.
   */
  List<DeclaredColumn> columns();

  /**
   * Reads rows into files that did not exist before.
   *
   * @param after the positions behind which rows are read; of a part that has none here, from its
   *     beginning
   * @param upTo the positions of {@link #positions()} at some time, which are the last to be read.
   *     If the source has no cursor, both are empty and all rows are read, as of one moment
   * @param folder where the files go; what is there after a failure is of no use
   * @throws RowsGoneException if some of the rows are not there any more
   * @throws CancelledException if {@code cancel} was requested
   */
  Staged read(List<Position> after, List<Position> upTo, Path folder, Cancellation cancel);

  @Override
  void close();
}

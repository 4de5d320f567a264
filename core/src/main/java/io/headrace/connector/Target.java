package io.headrace.connector;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.util.Optional;

/**
 * A thing in an outside system that holds the rows of one version of a table, and a note of which
 * version that is. Not for several threads; several processes may deliver to one thing.
 *
 * <p>Every method throws {@link HeadraceException} if the system fails or refuses, with what to do
 * and without secrets. The thing is then as it was, or holds the version: what it says of itself
 * tells, and to deliver again is always allowed.
 */
public interface Target extends AutoCloseable {
  /**
   * Whether rows can be taken away from it all at once. If not, a {@link Delivery.Replace} only
   * adds rows.
   */
  default boolean isReplaceable() {
    return true;
  }

  /** The version whose rows it holds, or empty if it holds none or does not know. */
  Optional<String> version();

  /**
   * Makes it hold a version: rows and note change in one transaction, so that readers see all of it
   * or nothing. What is not there yet is made.
   *
   * @return how many rows were written, or empty if it holds another version than {@link
   *     Delivery#before} by now: then nothing was changed
   * @throws HeadraceException also if there are rows that no delivery has brought
   * @throws CancelledException if {@code cancel} was requested
   */
  Optional<Long> deliver(Delivery delivery, Cancellation cancel);

  @Override
  void close();
}

package io.headrace.connector;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.util.List;
import java.util.Optional;

/**
 * A thing in an outside system that holds the rows of one version of a table, and a note of which
 * version that is. Not for several threads; several processes may deliver to one thing.
 *
 * <p>Every method throws {@link HeadraceException} if the system fails or refuses, with what to do
 * and without secrets. The thing is then as it was, or holds the version, or was {@linkplain
 * #begun() begun} to be changed: what it says of itself tells, and to deliver again is always
 * allowed.
 */
public interface Target extends AutoCloseable {
  /**
   * Whether rows can be taken away from it all at once. If not, a {@link Delivery.Replace} only
   * adds rows.
   */
  default boolean isReplaceable() {
    return true;
  }

  /**
   * Whether a version reaches it in steps that others can see. Then the rows of a {@link Delivery}
   * are in the same order each time, so that one that was broken off goes on where it was.
   */
  default boolean isInSteps() {
    return false;
  }

  /** The version whose rows it holds, or empty if it holds none or does not know. */
  Optional<String> version();

  /**
   * What was begun over {@link #version()} and not finished, as it was when that was asked. Always
   * empty where a version comes in one transaction.
   */
  default Optional<Begun> begun() {
    return Optional.empty();
  }

  /**
   * Deliveries that were broken off: besides the rows of {@link #version()}, the thing may hold
   * some of theirs.
   *
   * @param versions oldest first, one or more
   * @param isRefused whether the system does not take the rest of the last one. Else that one is to
   *     be finished before another is begun
   */
  record Begun(List<String> versions, boolean isRefused) {
    public Begun {
      versions = List.copyOf(versions);
    }

    /** The one that was begun last. */
    public String last() {
      return versions.get(versions.size() - 1);
    }
  }

  /**
   * Makes it hold a version: rows and note change in one transaction, so that readers see all of it
   * or nothing, unless it {@linkplain #isInSteps() comes in steps}. What is not there yet is made.
   *
   * @return how many rows were written, or empty if it holds another version than {@link
   *     Delivery#before} by now, or another delivery was begun since that was asked: then nothing
   *     was changed
   * @throws HeadraceException also if there are rows that no delivery has brought
   * @throws CancelledException if {@code cancel} was requested
   */
  Optional<Long> deliver(Delivery delivery, Cancellation cancel);

  @Override
  void close();
}

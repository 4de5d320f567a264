package io.headrace.connector;

import io.headrace.error.HeadraceException;

/**
 * Reaches outside systems of one kind. Found through {@link java.util.ServiceLoader}. Stateless and
 * safe for many threads.
 */
public interface Connector {
  /** The key of a source file that chooses it, such as {@code database}. */
  String kind();

  /**
   * Opens what a source names. The caller closes it.
   *
   * @param secrets gives what the connection names only by reference
   * @throws HeadraceException if the settings are wrong or not allowed, or if the system cannot be
   *     reached; the message has no secret in it
   */
  Source open(SourceSettings settings, Secrets secrets);
}

package io.headrace.connector;

import io.headrace.error.HeadraceException;
import java.nio.file.Path;

/**
 * Reaches outside systems of one kind. Found through {@link java.util.ServiceLoader}. Safe for many
 * threads; what it remembers may make sources wait for each other, and changes no row.
 */
public interface Connector {
  /** The key of a source or an export that chooses it, such as {@code database}. */
  String kind();

  /**
   * Opens what a source names. The caller closes it.
   *
   * @param secrets gives what the connection names only by reference
   * @throws HeadraceException if the settings are wrong or not allowed, or if the system cannot be
   *     reached; the message has no secret in it
   */
  Source open(SourceSettings settings, Secrets secrets);

  /**
   * Opens what an export names. The caller closes it.
   *
   * @param secrets gives what the connection names only by reference
   * @throws HeadraceException as {@link #open} does, and if rows cannot be delivered there
   */
  default Target openTarget(TargetSettings settings, Secrets secrets) {
    throw new HeadraceException(
        "Cannot deliver to '%s': nothing is delivered to a %s"
            .formatted(settings.connection().name(), kind()),
        "Name a connection to a database");
  }

  /**
   * Opens a system that takes single events. The caller closes it.
   *
   * @param root the project's folder, which relative paths start at
   * @param secrets gives what the connection names only by reference
   * @throws HeadraceException if the settings are wrong or not allowed, or if it takes none
   */
  default Publisher openPublisher(Connection connection, Path root, Secrets secrets) {
    throw new HeadraceException(
        "Cannot hand events to '%s': a %s takes none".formatted(connection.name(), kind()),
        "Name a connection to Kafka");
  }
}

package io.headrace.server.alert;

import io.headrace.error.HeadraceException;
import java.util.Optional;

/** Is told of alerts, by any thread. Must neither wait nor throw. */
@FunctionalInterface
public interface AlertListener {

  /**
   * An alert was sent, or could not be.
   *
   * @param failure why not; without any secret
   */
  void sent(Alert alert, String channel, Optional<HeadraceException> failure);
}

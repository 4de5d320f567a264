package io.headrace.server.alert;

import io.headrace.error.HeadraceException;
import io.headrace.project.AlertChannel.Kind;
import java.util.List;
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

  /**
   * Something was looked at.
   *
   * @param isSo whether it is wrong in that way now
   */
  default void stands(String project, Kind kind, String subject, boolean isSo) {}

  /** Tells all of them. */
  static AlertListener all(List<AlertListener> listeners) {
    return new AlertListener() {
      @Override
      public void sent(Alert alert, String channel, Optional<HeadraceException> failure) {
        listeners.forEach(each -> each.sent(alert, channel, failure));
      }

      @Override
      public void stands(String project, Kind kind, String subject, boolean isSo) {
        listeners.forEach(each -> each.stands(project, kind, subject, isSo));
      }
    };
  }
}

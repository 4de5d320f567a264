package io.headrace.server.alert;

import io.headrace.connector.Secrets;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.project.AlertChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sends alerts, several times if that does not work. Safe for many threads. */
final class Sender {
  /** How long to wait before another attempt. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));

  private final Secrets secrets;
  private final HttpDelivery http;
  private final MailDelivery mail;
  private final Pause pause;

  Sender(Path root, Pause pause) {
    this.secrets = new Secrets(root, System::getenv);
    this.http = new HttpDelivery(secrets);
    this.mail = new MailDelivery(secrets);
    this.pause = pause;
  }

  /**
   * Sends an alert, several times if that does not work.
   *
   * @throws HeadraceException if none did
   */
  void send(AlertChannel channel, Alert alert, Cancellation cancel) {
    for (int attempt = 0; ; attempt++) {
      String reason;
      try {
        deliver(channel.destination(), alert);
        return;
      } catch (IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        reason = secrets.hide(message);
      } catch (Refused e) {
        throw failed(channel, secrets.hide(String.valueOf(e.getMessage())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed(channel, "the server stops");
      }
      if (attempt == PAUSES.size()) {
        throw failed(channel, reason);
      }
      try {
        pause.waitFor(PAUSES.get(attempt), cancel);
      } catch (CancelledException e) {
        throw failed(channel, reason);
      }
    }
  }

  /** Tries it once. */
  private void deliver(AlertChannel.Destination destination, Alert alert)
      throws IOException, InterruptedException, Refused {
    if (destination instanceof AlertChannel.Webhook webhook) {
      http.post(webhook, alert);
    } else if (destination instanceof AlertChannel.Slack slack) {
      http.post(slack, alert);
    } else if (destination instanceof AlertChannel.Mail message) {
      mail.send(message, alert);
    }
  }

  /** Another attempt is of no use. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String reason) {
      super(reason);
    }
  }

  private static HeadraceException failed(AlertChannel channel, String reason) {
    return new HeadraceException(
        "Cannot send an alert to '%s': %s".formatted(channel.name(), reason),
        "Is `alerts: {%s: ...}` in headrace.yaml right, and does anybody listen there?"
            .formatted(channel.name()));
  }
}

package io.headrace.server.alert;

import io.headrace.connector.Secrets;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.project.AlertChannel;
import io.headrace.project.AlertChannel.Format;
import io.headrace.server.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Sends alerts. Addresses may be private: the owner of the project gives them. Safe for threads.
 */
final class Sender {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** How long to wait before another attempt. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final Secrets secrets;
  private final Pause pause;

  Sender(Path root, Pause pause) {
    this.secrets = new Secrets(root, System::getenv);
    this.pause = pause;
  }

  /**
   * Sends an alert, several times if that does not work.
   *
   * @throws HeadraceException if none did
   */
  void send(AlertChannel channel, Alert alert, Cancellation cancel) {
    HttpRequest request = request(channel, alert);
    for (int attempt = 0; ; attempt++) {
      String reason;
      try {
        HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
        int status = answer.statusCode();
        if (status / 100 == 2) {
          return;
        }
        reason = "it answers " + status;
        if (status / 100 == 4 && status != 408 && status != 429) {
          throw failed(channel, reason);
        }
      } catch (IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        reason = secrets.hide(message);
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

  private HttpRequest request(AlertChannel channel, Alert alert) {
    String body =
        channel.format() == Format.SLACK
            ? Json.write(Json.object("text", alert.text()))
            : Json.write(alert.json());
    try {
      return HttpRequest.newBuilder(URI.create(secrets.value(channel.address()).strip()))
          .timeout(TIMEOUT)
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(body))
          .build();
    } catch (IllegalArgumentException e) {
      // The address itself is not repeated: it may be a secret.
      throw failed(channel, "its address is not one of HTTP");
    }
  }

  private static HeadraceException failed(AlertChannel channel, String reason) {
    return new HeadraceException(
        "Cannot send an alert to '%s': %s".formatted(channel.name(), reason),
        "Is `alerts: {%s: ...}` in headrace.yaml right, and does anybody listen there?"
            .formatted(channel.name()));
  }
}

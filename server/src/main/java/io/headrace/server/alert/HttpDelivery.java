package io.headrace.server.alert;

import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.project.AlertChannel;
import io.headrace.server.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Posts JSON. Addresses may be private: the owner of the project gives them. */
final class HttpDelivery {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final Secrets secrets;

  HttpDelivery(Secrets secrets) {
    this.secrets = secrets;
  }

  void post(AlertChannel.Webhook webhook, Alert alert)
      throws IOException, InterruptedException, Sender.Refused {
    post(webhook.address(), Json.write(alert.json()));
  }

  void post(AlertChannel.Slack slack, Alert alert)
      throws IOException, InterruptedException, Sender.Refused {
    post(slack.address(), Json.write(Json.object("text", alert.text())));
  }

  private void post(Setting address, String body)
      throws IOException, InterruptedException, Sender.Refused {
    HttpRequest request;
    try {
      request =
          HttpRequest.newBuilder(URI.create(secrets.value(address).strip()))
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();
    } catch (IllegalArgumentException e) {
      // The address itself is not repeated: it may be a secret.
      throw new Sender.Refused("its address is not one of HTTP");
    }
    HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
    int status = answer.statusCode();
    if (status / 100 == 4 && status != 408 && status != 429) {
      throw new Sender.Refused("it answers " + status);
    }
    if (status / 100 != 2) {
      throw new IOException("it answers " + status);
    }
  }
}

package io.headrace.telemetry;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineageClient;
import io.openlineage.client.transports.ApiKeyTokenProvider;
import io.openlineage.client.transports.HttpConfig;
import io.openlineage.client.transports.HttpTransport;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Sends events in their order, beside the run, and counts those that could not be sent. */
final class LineageSender implements AutoCloseable {
  static final URI PRODUCER = URI.create("https://github.com/headrace/headrace");

  private static final int MOST_WAITING = 10_000;
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final long MOST_SECONDS_TO_SEND = 10;

  private final OpenLineageClient client;
  private final AtomicLong lost = new AtomicLong();
  private volatile String reason = "";
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread made = new Thread(task, "headrace-lineage");
            made.setDaemon(true);
            return made;
          },
          (task, pool) -> lose("too many wait"));

  LineageSender(Map<String, String> environment) {
    HttpConfig config = new HttpConfig();
    config.setUrl(URI.create(environment.getOrDefault(LineageProvider.URL, "")));
    String endpoint = environment.getOrDefault("OPENLINEAGE_ENDPOINT", "");
    if (!endpoint.isBlank()) {
      config.setEndpoint(endpoint);
    }
    config.setTimeoutInMillis(TIMEOUT_MILLIS);
    String key = environment.getOrDefault("OPENLINEAGE_API_KEY", "");
    if (!key.isBlank()) {
      ApiKeyTokenProvider token = new ApiKeyTokenProvider();
      token.setApiKey(key);
      config.setAuth(token);
    }
    this.client = new OpenLineageClient(new HttpTransport(config));
  }

  void send(OpenLineage.RunEvent event) {
    thread.execute(
        () -> {
          try {
            client.emit(event);
          } catch (RuntimeException e) {
            lose(String.valueOf(e.getMessage()));
          }
        });
  }

  private void lose(String why) {
    lost.incrementAndGet();
    reason = why;
  }

  /** Waits a while until all is sent, and says what was not. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(MOST_SECONDS_TO_SEND, TimeUnit.SECONDS)) {
        lost.addAndGet(thread.shutdownNow().size());
      }
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      reason = String.valueOf(e.getMessage());
    }
    if (lost.get() > 0) {
      Warning.tell("%d events of the run could not be sent to OpenLineage: %s", lost.get(), reason);
    }
  }
}

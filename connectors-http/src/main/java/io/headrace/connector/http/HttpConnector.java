package io.headrace.connector.http;

import io.headrace.connector.Connector;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads APIs. Sources of one connection share its rate, so that several tables that are read at the
 * same time do not ask more often than one.
 */
public final class HttpConnector implements Connector {
  private final Waits waits;
  private final Map<String, RateLimit> rates = new ConcurrentHashMap<>();

  /** Waits in real time. */
  public HttpConnector() {
    this(Waits.real());
  }

  HttpConnector(Waits waits) {
    this.waits = waits;
  }

  @Override
  public String kind() {
    return "api";
  }

  @Override
  public Source open(SourceSettings settings, Secrets secrets) {
    ConnectionSettings connection = ConnectionSettings.of(settings.connection(), secrets);
    ApiSettings api = ApiSettings.of(settings);
    RateLimit rate =
        rates.computeIfAbsent(
            connection.name() + " " + connection.url() + " " + connection.interval(),
            key -> new RateLimit(connection.interval()));
    Requests requests = new Requests(connection, rate, waits, PublicResolver.of(connection));
    return new ApiSource(api, connection, requests, waits.clock());
  }
}

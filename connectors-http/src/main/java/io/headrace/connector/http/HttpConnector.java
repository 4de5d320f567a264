package io.headrace.connector.http;

import io.headrace.connector.Connector;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Target;
import io.headrace.connector.TargetSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads APIs, and delivers to them. All that use a connection share its rate, so that several
 * tables that are read at the same time do not ask more often than one.
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
    return new ApiSource(
        api, connection, requests(connection, Failures.Work.READING), waits.clock());
  }

  @Override
  public Target openTarget(TargetSettings settings, Secrets secrets) {
    ConnectionSettings connection = ConnectionSettings.of(settings.connection(), secrets);
    return new ApiTarget(
        DeliverySettings.of(settings, connection), requests(connection, Failures.Work.DELIVERING));
  }

  private Requests requests(ConnectionSettings connection, Failures.Work work) {
    RateLimit rate =
        rates.computeIfAbsent(
            connection.name() + " " + connection.url() + " " + connection.interval(),
            key -> new RateLimit(connection.interval()));
    return new Requests(connection, work, rate, waits, PublicResolver.of(connection));
  }
}

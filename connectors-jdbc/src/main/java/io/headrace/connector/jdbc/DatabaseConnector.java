package io.headrace.connector.jdbc;

import io.headrace.connector.Connection;
import io.headrace.connector.Connector;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Target;
import io.headrace.connector.TargetSettings;

/** Reaches databases through JDBC: read-only, but for what is delivered. */
public final class DatabaseConnector implements Connector {
  @Override
  public String kind() {
    return "database";
  }

  @Override
  public Source open(SourceSettings settings, Secrets secrets) {
    Relation relation = Relation.of(settings);
    ConnectionSettings connection =
        ConnectionSettings.of(settings.connection(), secrets, settings.root());
    return DatabaseSource.open(
        connection, relation, settings, failures(settings.connection(), connection, secrets));
  }

  @Override
  public Target openTarget(TargetSettings settings, Secrets secrets) {
    ConnectionSettings connection =
        ConnectionSettings.of(settings.connection(), secrets, settings.root());
    return DatabaseTarget.open(
        connection, settings.into(), failures(settings.connection(), connection, secrets));
  }

  private static Failures failures(
      Connection connection, ConnectionSettings settings, Secrets secrets) {
    return new Failures(connection.name(), settings.dialect(), secrets::hide);
  }
}

package io.headrace.connector.jdbc;

import io.headrace.connector.Connector;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;

/** Reaches databases through JDBC, read-only. */
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
    Failures failures =
        new Failures(settings.connection().name(), connection.dialect(), secrets::hide);
    return DatabaseSource.open(connection, relation, settings, failures);
  }
}

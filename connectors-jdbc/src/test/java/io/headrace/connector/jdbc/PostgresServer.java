package io.headrace.connector.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/** A PostgreSQL of a test's own. */
final class PostgresServer {
  private PostgresServer() {}

  static EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("timezone", "America/New_York")
        .setLocaleConfig("locale", "C.UTF-8")
        .start();
  }
}

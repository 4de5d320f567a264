package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds for systems that are reached through a network. */
abstract class ServerContract extends SourceContract {
  static final String PASSWORD = "s3cret'pass";

  /** The URL up to the host, and behind it. */
  abstract String url(String host, int port, String database);

  abstract int port();

  abstract String database();

  /** Ends all connections but the one that says so. */
  abstract void killOthers() throws Exception;

  /** What takes the right to read a table away. */
  abstract List<String> forbidding(String table);

  final Reading reader(String url, String password) {
    return new Reading(
        root,
        Map.of("url", url, "user", "reader", "password", "$PASSWORD"),
        Map.of("PASSWORD", password));
  }

  private static String hint(Throwable e) {
    return ((HeadraceException) e).hint();
  }

  @Test
  void reportsAWrongPassword() {
    String wrong = "wr0ng'secret";
    assertThatThrownBy(() -> reader(url("127.0.0.1", port(), database()), wrong).table("orders"))
        .isInstanceOf(HeadraceException.class)
        .hasNoCause()
        .hasMessageStartingWith("Cannot connect to the database 'shop': ")
        .hasMessageNotContaining(wrong)
        .hasMessageNotContaining("\n")
        .extracting(ServerContract::hint)
        .asString()
        .startsWith("Are `user` and `password` of the connection right");
  }

  @Test
  void reportsAnUnknownDatabase() {
    assertThatThrownBy(() -> reader(url("127.0.0.1", port(), "nowhere"), PASSWORD).table("orders"))
        .hasMessageContaining("nowhere")
        .extracting(ServerContract::hint)
        .asString()
        .contains("the name of the database");
  }

  @Test
  void reportsAnUnknownHost() {
    assertThatThrownBy(
            () -> reader(url("nohost.invalid", port(), database()), PASSWORD).table("orders"))
        .hasMessage("Cannot connect to the database 'shop': there is no host 'nohost.invalid'")
        .extracting(ServerContract::hint)
        .asString()
        .startsWith("Is the database running");
  }

  @Test
  void reportsThatNobodyListens() {
    assertThatThrownBy(() -> reader(url("127.0.0.1", 1, database()), PASSWORD).table("orders"))
        .hasMessage("Cannot connect to the database 'shop': nobody answers there")
        .extracting(ServerContract::hint)
        .asString()
        .startsWith("Is the database running");
  }

  @Test
  void reportsADatabaseThatGoesAway() throws Exception {
    try (Source source = reading.open(Map.of("query", endless()))) {
      CompletableFuture<Void> reading =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(
                          () -> source.read(List.of(), List.of(), root, Cancellation.never()))
                      .isInstanceOf(HeadraceException.class)
                      .hasNoCause()
                      .hasMessageStartingWith("Cannot read from the database 'shop': ")
                      .extracting(ServerContract::hint)
                      .asString()
                      .startsWith("Is the database running"));
      TimeUnit.MILLISECONDS.sleep(500);
      killOthers();
      assertThat(reading).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void reportsWhatMayNotBeRead() throws Exception {
    execute("CREATE TABLE salaries (id INTEGER)");
    execute(forbidding("salaries").toArray(String[]::new));
    assertThatThrownBy(() -> reading.table("salaries"))
        .hasMessageContaining("salaries")
        .extracting(ServerContract::hint)
        .asString()
        .startsWith("Let the user of the connection read it");
  }
}

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Visitors of a shop: {@code Clicks URL FOLDER RATE SECONDS SEED}. Sends so many clicks a second to
 * the URL, some of them late, twice or broken, and changes customers in {@code FOLDER/crm.db}. 0
 * seconds are without end. Prints what it has sent.
 */
public final class Clicks {
  private static final int VISITORS = 500;
  private static final int CUSTOMERS = 300;
  private static final List<String> SEGMENTS = List.of("new", "regular", "loyal");
  private static final List<String> PAGES =
      List.of("/", "/search", "/tea", "/cups", "/kettles", "/cart", "/checkout");
  private static final List<String> BROKEN =
      List.of(
          "{\"click_id\": 1, \"visitor\":",
          "click on /tea",
          "{\"click_id\": \"many\", \"visitor\": 1, \"page\": \"/\"}",
          "{\"click_id\": 2, \"visitor\": 3, \"page\": \"https://example.com\"}",
          "[]");

  private final SplittableRandom random;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI uri;
  private final String database;
  private final long firstId = System.currentTimeMillis() * 1000;
  private long clicks;
  private long late;
  private long twice;
  private long broken;

  private Clicks(URI uri, Path folder, long seed) {
    this.uri = uri;
    this.database = "jdbc:sqlite:" + folder.resolve("crm.db");
    this.random = new SplittableRandom(seed);
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    int rate = Integer.parseInt(args[2]);
    int seconds = Integer.parseInt(args[3]);
    Files.createDirectories(folder);
    Clicks generator = new Clicks(URI.create(args[0]), folder, Long.parseLong(args[4]));
    generator.makeCustomers();
    // The export makes tables, but no file.
    execute("jdbc:sqlite:" + folder.resolve("dashboard.db"), "PRAGMA user_version = 1");
    for (int second = 0; seconds == 0 || second < seconds; second++) {
      Instant next = Instant.now().plusSeconds(1);
      for (int part = 0; part < 10; part++) {
        generator.send(rate / 10);
        Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis() - 100L * (9 - part)));
      }
      generator.changeCustomer();
      if (second == 0) {
        System.out.println("began");
      }
    }
    System.out.printf(
        "sent %d clicks, %d of them late, %d twice, and %d broken messages%n",
        generator.clicks, generator.late, generator.twice, generator.broken);
  }

  private void makeCustomers() throws SQLException {
    StringBuilder rows = new StringBuilder();
    for (int id = 1; id <= CUSTOMERS; id++) {
      rows.append(id == 1 ? "" : ", ")
          .append("(%d, 'Customer %d', '%s', %d)".formatted(id, id, pick(SEGMENTS), id));
    }
    execute(
        database,
        "CREATE TABLE IF NOT EXISTS customers (customer_id INTEGER PRIMARY KEY, name TEXT, segment TEXT, changed INTEGER)",
        "INSERT OR IGNORE INTO customers VALUES " + rows);
  }

  private void changeCustomer() throws SQLException {
    execute(
        database,
        "UPDATE customers SET segment = '%s', changed = (SELECT max(changed) + 1 FROM customers) WHERE customer_id = %d"
            .formatted(pick(SEGMENTS), 1 + random.nextInt(CUSTOMERS)));
  }

  private static void execute(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String pick(List<String> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void send(int count) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (random.nextInt(200) == 0) {
        lines.add(pick(BROKEN));
        broken++;
        continue;
      }
      Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      if (random.nextInt(100) == 0) {
        at = at.minusSeconds(random.nextInt(7200));
        late++;
      }
      String click =
          "{\"click_id\": %d, \"visitor\": %d, \"page\": \"%s\", \"clicked_at\": \"%s\"}"
              .formatted(firstId + clicks++, 1 + random.nextInt(VISITORS), pick(PAGES), at);
      lines.add(click);
      if (random.nextInt(50) == 0) {
        lines.add(click);
        twice++;
      }
    }
    if (!lines.isEmpty()) {
      post(String.join("\n", lines));
    }
  }

  /** Until it is acknowledged: then some may be there twice, which the tables do not mind. */
  private void post(String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    while (true) {
      try {
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Nobody listens yet, or not at the moment.
      }
      Thread.sleep(200);
    }
  }
}

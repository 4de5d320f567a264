package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/clickstream}, started as its README says: a broker, clicks, a run that follows.
 */
class ClickstreamTest {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DISTRIBUTION = CHECKOUT.resolve("cli/target/headrace");
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Pattern SENT =
      Pattern.compile("sent (\\d+) clicks, \\d+ of them late, (\\d+) twice, and (\\d+) broken");

  @TempDir Path folder;

  @Test
  void whatVisitorsDidIsInTheTables() throws Exception {
    Path project = copy();
    int broker = freePort();
    Path settings = project.resolve("headrace.yaml");
    Files.writeString(settings, Files.readString(settings).replace("9092", String.valueOf(broker)));
    Child child = start(project, broker);
    try {
      Matcher sent = sent(child, project.resolve("data/generator.log"));
      long clicks = Long.parseLong(sent.group(1));
      long twice = Long.parseLong(sent.group(2));
      long broken = Long.parseLong(sent.group(3));
      assertThat(broken).isPositive();
      awaitClicks(child, project, clicks);
      assertThat(query(project, "SELECT count(*) FROM raw.clicks")).isEqualTo(clicks + twice);
      assertThat(query(project, "SELECT count(*) FROM raw.clicks__rejected")).isEqualTo(broken);
      assertThat(query(project, "SELECT sum(clicks)::BIGINT FROM sessions")).isEqualTo(clicks);
      assertThat(query(project, "SELECT sum(sessions)::BIGINT FROM marts.segments"))
          .isEqualTo(query(project, "SELECT count(*) FROM sessions"));
      awaitDashboard(child, project, clicks);
      assertThat(child.errors()).doesNotContain("error");
    } finally {
      // Not killed: it ends all that it has started.
      child.process().destroy();
      assertThat(child.ends(LONGEST)).isTrue();
      child.close();
    }
  }

  private Path copy() throws IOException {
    Path example = CHECKOUT.resolve("examples/clickstream");
    Path project = folder.resolve("clickstream");
    try (Stream<Path> files = Files.walk(example)) {
      for (Path file : files.sorted().toList()) {
        String name = example.relativize(file).toString();
        if (!name.startsWith(".headrace") && !name.startsWith("data")) {
          Files.copy(file, project.resolve(name));
        }
      }
    }
    return project;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Child start(Path project, int broker) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(project.resolve("start").toString());
    builder.environment().put("HEADRACE", DISTRIBUTION.resolve("bin/headrace").toString());
    builder.environment().put("HEADRACE_LIB", DISTRIBUTION.resolve("lib").toString());
    builder.environment().put("BROKER_PORT", String.valueOf(broker));
    builder.environment().put("LISTEN_PORT", String.valueOf(freePort()));
    builder.environment().put("RATE", "300");
    builder.environment().put("SECONDS_OF_CLICKS", "6");
    return Child.start(builder, project);
  }

  private static Matcher sent(Child child, Path log) throws Exception {
    child.await("commit 1 ");
    while (true) {
      Matcher sent = SENT.matcher(Files.readString(log));
      if (sent.find()) {
        return sent;
      }
      assertThat(child.process().isAlive()).as(child.errors()).isTrue();
      Thread.sleep(50);
    }
  }

  private static void awaitClicks(Child child, Path project, long clicks) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (query(project, "SELECT count(*) FROM clicks") < clicks) {
      assertThat(child.process().isAlive()).as(child.errors()).isTrue();
      assertThat(System.nanoTime()).as(child.output()).isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static void awaitDashboard(Child child, Path project, long clicks) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (delivered(project) < clicks) {
      assertThat(System.nanoTime()).as(child.output()).isLessThan(end);
      Thread.sleep(100);
    }
    assertThat(delivered(project)).isEqualTo(clicks);
  }

  private static long delivered(Path project) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + project.resolve("data/dashboard.db"));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT sum(views) FROM page_views")) {
      return result.getLong(1);
    }
  }

  private static long query(Path project, String sql) {
    try (Workspace workspace = new TestProject(project).open()) {
      return ((Number) TestProject.value(workspace, sql)).longValue();
    }
  }
}

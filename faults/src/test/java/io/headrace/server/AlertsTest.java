package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.faults.TestProject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsTest {
  private static final String BROKEN = "SELECT CAST(error('no luck') AS INTEGER) AS n FROM numbers";

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock();
  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger refusals = new AtomicInteger();
  private final TestAlerts alerts = new TestAlerts();

  @SuppressWarnings("NullAway.Init") // before each test
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    receiver.createContext("/", this::take);
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean refuses = refusals.getAndDecrement() > 0;
    if (!refuses) {
      received.add(body);
    }
    exchange.sendResponseHeaders(refuses ? 503 : 204, -1);
    exchange.close();
  }

  private String address() {
    return "http://127.0.0.1:%d/".formatted(receiver.getAddress().getPort());
  }

  private TestProject project(String settings) {
    return new TestProject(folder.resolve("shop"))
        .write("tables/numbers.csv", "n\n1\n2\n")
        .write("headrace.yaml", settings.replace("ADDRESS", address()));
  }

  private Serving serve(TestProject project) {
    return Serving.start(project, clock, alerts::of);
  }

  private List<String> received(String kind) {
    return received.stream().filter(body -> body.contains("\"alert\":\"" + kind)).toList();
  }

  @Test
  void aScheduleThatFailsIsToldOnceAndItsRecoveryToo() {
    TestProject project =
        project("{alerts: {ops: {webhook: ADDRESS}}, schedules: {often: {every: 1s}}}")
            .table("broken", BROKEN);
    try (Serving serving = serve(project)) {
      serving.await("often", 3);
      Serving.await(() -> received.size() == 1);
      assertThat(received.get(0))
          .contains(
              "\"alert\":\"failed\"", "\"project\":\"shop\"", "\"subject\":\"schedule often\"")
          .contains("no luck", "\"run\":\"");
      project.delete("tables/broken.sql");
      Serving.await(() -> received.size() == 2);
      assertThat(received.get(1)).contains("\"alert\":\"recovered\"", "schedule often");
      int before = serving.over("often").size();
      serving.await("often", before + 2);
      assertThat(received).hasSize(2);
      alerts.close();
    }
  }

  @Test
  void aRestartTellsNothingTwiceAndForgetsNothing() {
    TestProject project =
        project("{alerts: {ops: {webhook: ADDRESS}}, schedules: {often: {every: 1s}}}")
            .table("broken", BROKEN);
    try (Serving serving = serve(project)) {
      Serving.await(() -> received("failed").size() == 1);
      alerts.close();
    }
    try (Serving serving = serve(project)) {
      int before = serving.over("often").size();
      serving.await("often", before + 2);
      assertThat(received("failed")).hasSize(1);
      alerts.close();
    }
    project.delete("tables/broken.sql");
    try (Serving serving = serve(project)) {
      Serving.await(() -> received("recovered").size() == 1);
      assertThat(received("failed")).hasSize(1);
      alerts.close();
    }
  }

  @Test
  void peopleAreRemindedOfWhatStillFails() {
    TestProject project =
        project("{alerts: {ops: {webhook: ADDRESS, remind: 1h}}, schedules: {often: {every: 1s}}}")
            .table("broken", BROKEN);
    try (Serving serving = serve(project)) {
      Serving.await(() -> received("failed").size() == 1);
      clock.jump(Duration.ofMinutes(61));
      Serving.await(() -> received("failed").size() == 2);
      alerts.close();
    }
  }

  @Test
  void missedTicksAreTold() {
    clock.jumpTo(Instant.parse("2026-11-23T12:30:00Z"));
    TestProject project =
        project(
            "{alerts: {ops: {webhook: ADDRESS, on: [missed]}},"
                + " schedules: {hours: {cron: 0 * * * *, catch_up: none}}}");
    try (Serving serving = serve(project)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("hours"));
      clock.jump(Duration.ofHours(5));
      Serving.await(() -> received.size() == 1);
      assertThat(received.get(0))
          .contains(
              "\"alert\":\"missed\"", "5 of its ticks up to 2026-11-23T17:00:00Z were not run");
      alerts.close();
    }
  }

  @Test
  void aDeadlineThatPassesIsToldOnceAndThatItIsOver() {
    clock.jumpTo(Instant.parse("2026-11-23T12:30:00Z"));
    TestProject project =
        project(
            "{alerts: {ops: {webhook: ADDRESS}}, schedules: {hours: {cron: 0 * * * *,"
                + " wait_for: {file: in.csv}, deadline: 10m}}}");
    try (Serving serving = serve(project)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("hours"));
      clock.jump(Duration.ofMinutes(45));
      Serving.await(() -> received.size() == 1);
      assertThat(received.get(0))
          .contains(
              "\"alert\":\"deadline\"",
              "\"subject\":\"schedule hours\"",
              "not run at 2026-11-23T13:00:00Z without file in.csv");
      alerts.close();
    }
    try (Serving serving = serve(project)) {
      clock.jump(Duration.ofHours(1));
      serving.await("hours", 2);
      project.write("in.csv", "");
      clock.jump(Duration.ofMinutes(50));
      Serving.await(() -> received.size() == 2);
      assertThat(received.get(1)).contains("\"alert\":\"recovered\"");
      alerts.close();
    }
  }

  @Test
  void aRunWithoutWhatItWaitedForIsToldAndOneThatWaitedIsNotLate() {
    clock.jumpTo(Instant.parse("2026-11-23T12:30:00Z"));
    TestProject project =
        project(
            "{alerts: {ops: {webhook: ADDRESS}}, schedules: {hours: {cron: 0 * * * *,"
                + " wait_for: {file: in.csv}, deadline: 10m, late: run}}}");
    try (Serving serving = serve(project)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("hours"));
      clock.jump(Duration.ofMinutes(40));
      Serving.await(() -> received.size() == 1);
      assertThat(received.get(0))
          .contains("\"alert\":\"deadline\"", "run at 2026-11-23T13:00:00Z without file in.csv");
      assertThat(serving.await("hours", 1).get(0).message()).isEqualTo("run without file in.csv");
      clock.jump(Duration.ofMinutes(55));
      sleep();
      project.write("in.csv", "");
      touch(project.root().resolve("in.csv"));
      Serving.await(() -> received.size() == 2);
      assertThat(received.get(1)).contains("\"alert\":\"recovered\"");
      alerts.close();
    }
  }

  private void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFollowedBatchThatFailsIsTold() {
    TestProject project =
        project("{alerts: {ops: {webhook: ADDRESS}}, schedules: {live: {follow: 1s}}}")
            .table("broken", BROKEN);
    try (Serving serving = serve(project)) {
      Serving.await(() -> received("failed").size() == 1);
      assertThat(received.get(0)).contains("\"subject\":\"schedule live\"", "no luck");
      project.delete("tables/broken.sql").write("tables/numbers.csv", "n\n3\n");
      Serving.await(() -> received("recovered").size() == 1);
      assertThat(received("failed")).hasSize(1);
      alerts.close();
    }
  }

  @Test
  void aTableThatIsTooOldIsToldOnceAlsoAfterARestart() {
    TestProject project =
        project(
            "{alerts: {ops: {webhook: ADDRESS, on: [stale, recovered]}}, freshness: {num*: 26h},"
                + " schedules: {days: {cron: 0 0 * * *}}}");
    try (Serving serving = serve(project)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("days"));
      clock.jump(Duration.ofDays(1));
      serving.await("days", 1);
      serving.workspace().catalog().schedules().pause("days", "ada", clock.instant());
      clock.jump(Duration.ofHours(27));
      Serving.await(() -> received.size() == 1);
      assertThat(received.get(0))
          .contains("\"alert\":\"stale\"", "\"freshness of num*\"", "older than 26h: numbers");
      alerts.close();
    }
    try (Serving serving = serve(project)) {
      sleep();
      assertThat(received).hasSize(1);
      project.write("tables/numbers.csv", "n\n3\n");
      serving.workspace().catalog().schedules().resume("days", clock.instant());
      clock.jump(Duration.ofDays(1));
      Serving.await(() -> received("recovered").size() == 1);
      alerts.close();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aChannelThatRefusesIsTriedAgainAndHoldsNothingUp() {
    refusals.set(2);
    TestProject project =
        project("{alerts: {ops: {webhook: ADDRESS}}, schedules: {often: {every: 1s}}}")
            .table("broken", BROKEN);
    try (Serving serving = serve(project)) {
      Serving.await(() -> received.size() == 1);
      assertThat(alerts.failures()).isEmpty();
      alerts.close();
    }
  }

  @Test
  void whatCannotBeSentIsToldHereWithoutTheSecretAndSentAtTheNextOccasion() {
    TestProject project =
        project("{alerts: {team: {slack: {file: secret.txt}}}, schedules: {often: {every: 1s}}}")
            .write("secret.txt", address() + "token-123\n")
            .table("broken", BROKEN);
    refusals.set(4);
    try (Serving serving = serve(project)) {
      Serving.await(() -> received.size() == 1);
      assertThat(alerts.failures())
          .containsExactly("Cannot send an alert to 'team': it answers 503")
          .noneMatch(message -> message.contains("token-123"));
      assertThat(received.get(0)).startsWith("{\"text\":\"shop: schedule often failed: broken: ");
      alerts.close();
    }
    try (Serving serving = serve(project)) {
      project.write("secret.txt", "http://127.0.0.1:1/token-123");
      clock.jump(Duration.ofHours(7));
      Serving.await(() -> alerts.failures().size() > 1);
      assertThat(alerts.failures()).noneMatch(message -> message.contains("token-123"));
      alerts.close();
    }
  }
}

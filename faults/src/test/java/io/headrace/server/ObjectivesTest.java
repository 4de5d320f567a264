package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.catalog.Fence;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Runs.TaskRun;
import io.headrace.catalog.Tick;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.run.RunEvent;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import io.headrace.table.TableName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told of runs and tables that take longer than they should, or will. */
class ObjectivesTest {
  private static final Fence MINE = new Fence("schedule nightly", "test");
  private static final String SUBJECT = "\"subject\":\"duration of schedule nightly\"";

  private static final String BREACHED = "BREACHED duration of schedule nightly";

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock();
  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final TestAlerts alerts = new TestAlerts();

  @SuppressWarnings("NullAway.Init") // before each test
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    receiver.createContext("/", this::take);
    receiver.start();
    clock.jumpTo(Instant.parse("2026-11-23T12:00:00Z"));
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private TestProject settings(String on, String more) {
    return new TestProject(folder.resolve("shop"))
        .write("tables/numbers.csv", "n\n1\n2\n")
        .write(
            "headrace.yaml",
            "{alerts: {ops: {webhook: 'http://127.0.0.1:%d/'%s}}, %s}"
                .formatted(receiver.getAddress().getPort(), on, more));
  }

  private Serving serve(String on, String more) {
    return Serving.watched(settings(on, more), clock, alerts::of);
  }

  private static void record(Serving serving, Tick tick) {
    var catalog = serving.workspace().catalog();
    catalog.schedules().keep(tick.schedule(), tick.startedAt());
    catalog
        .leases()
        .tryAcquire(
            MINE.key(), MINE.owner(), Instant.parse("2026-11-23T12:00:00Z"), Duration.ofDays(900));
    assertThat(catalog.schedules().record(tick, MINE)).isTrue();
  }

  private static Tick begun(long number, Instant at) {
    return Tick.begun("nightly", number, Occasion.at(at), 0, at);
  }

  private static void over(Serving serving, Tick tick, Duration took) {
    record(
        serving,
        tick.over(Tick.State.PUBLISHED, Optional.empty(), "", tick.startedAt().plus(took)));
  }

  /** Ticks of the days before, each of so many minutes. */
  private void history(Serving serving, int days, int minutes) {
    for (int i = 0; i < days; i++) {
      Instant at = clock.instant().minus(Duration.ofDays(days - i));
      over(serving, begun(i + 1, at), Duration.ofMinutes(minutes).plusSeconds(i % 3));
    }
  }

  private void awaitReceived(int number) {
    Serving.await(() -> received.size() >= number);
  }

  @Test
  void aRunThatTakesUnusuallyLongIsToldWhileItGoesOnAndThatTheNextDoesNot() {
    // The other channel did not ask for a guess.
    String both = ", on: [slow, recovered]}, other: {webhook: 'http://127.0.0.1:1/'";
    try (Serving serving = serve(both, "schedules: {nightly: {every: 1d}}")) {
      history(serving, 9, 10);
      Tick slow = begun(10, clock.instant());
      record(serving, slow);
      clock.jump(Duration.ofMinutes(25));
      awaitReceived(1);
      assertThat(received.get(0))
          .contains("\"alert\":\"slow\"", SUBJECT, "goes on for 25 min", "(from 9 runs)");
      over(serving, slow, Duration.ofMinutes(30));
      clock.jump(Duration.ofHours(23));
      Tick next = begun(11, clock.instant());
      record(serving, next);
      over(serving, next, Duration.ofMinutes(10));
      awaitReceived(2);
      assertThat(received.get(1)).contains("\"alert\":\"recovered\"", SUBJECT);
      alerts.close();
    }
    assertThat(received).hasSize(2);
    assertThat(alerts.failures()).isEmpty();
  }

  @Test
  void anObjectiveIsToldAheadOfTimeAndWhenItIsMissed() {
    try (Serving serving = serve("", "schedules: {nightly: {every: 1d}}")) {
      history(serving, 5, 20);
      over(serving, begun(6, clock.instant()), Duration.ofMinutes(5));
      clock.jump(Duration.ofDays(1));
      Tick open = begun(7, clock.instant());
      record(serving, open);
      settings("", "schedules: {nightly: {every: 1d, objective: {duration: 15m}}}");
      awaitReceived(1);
      assertThat(received.get(0))
          .contains("\"alert\":\"at_risk\"", SUBJECT, "likely to take ", "15 min");
      clock.jump(Duration.ofMinutes(16));
      awaitReceived(2);
      assertThat(received.get(1)).contains("\"alert\":\"breached\"", SUBJECT, "goes on for 16 min");
      assertThat(alerts.states()).containsEntry(BREACHED, true);
      over(serving, open, Duration.ofMinutes(10));
      awaitReceived(3);
      assertThat(received.get(2)).contains("\"alert\":\"recovered\"", SUBJECT);
      alerts.close();
    }
    assertThat(received).hasSize(3);
  }

  @Test
  void whatIsNoObjectiveAnyMoreIsNotMissed() {
    String objective = "schedules: {nightly: {every: 1d, objective: {duration: 15m}}}";
    try (Serving serving = serve(", on: [failed]", objective)) {
      history(serving, 1, 20);
      Serving.await(() -> Boolean.TRUE.equals(alerts.states().get(BREACHED)));
      settings(", on: [failed]", "schedules: {nightly: {every: 1d}}");
      Serving.await(() -> Boolean.FALSE.equals(alerts.states().get(BREACHED)));
      alerts.close();
    }
    assertThat(received).isEmpty();
  }

  @Test
  void theTablesThatAreDoneSayHowLongARunWillTake() {
    String schedules = "schedules: {nightly: {every: 1d%s}}";
    TestProject project = settings(", on: [at_risk]", schedules.formatted(""));
    project.table("endless", "SELECT count(*) AS n FROM numbers, range(1000000000000)");
    try (Serving serving = Serving.watched(project, clock, alerts::of)) {
      for (int i = 1; i <= 3; i++) {
        String run = "run" + i;
        Instant at = clock.instant().minus(Duration.ofDays(4 - i));
        serving.workspace().catalog().runs().start(new Runs.Run(run, "main", at, ""));
        serving
            .workspace()
            .catalog()
            .runs()
            .recordTasks(run, List.of(built("numbers", 10), built("endless", 10)));
        record(
            serving,
            begun(i, at)
                .over(Tick.State.PUBLISHED, Optional.of(run), "", at.plus(Duration.ofMinutes(20))));
      }
      Tick open = begun(4, clock.instant());
      record(serving, open);
      OngoingRun run = serving.project().start(Order.of("ada").because(open.cause(), MINE));
      Serving.await(
          () -> run.history().sofar().stream().anyMatch(RunEvent.TaskFinished.class::isInstance));
      clock.jump(Duration.ofMinutes(16));
      settings(", on: [at_risk]", schedules.formatted(", objective: {duration: 25m}"));
      awaitReceived(1);
      assertThat(received.get(0)).contains("goes on for 16 min", "likely to take 10 min");
      run.cancel("enough is known");
      Serving.await(run::isOver);
      alerts.close();
    }
  }

  private static TaskRun built(String table, int minutes) {
    return new TaskRun(TableName.parse(table), "built", Duration.ofMinutes(minutes), 1, 1, "");
  }

  @Test
  void aTableThatIsNotThereAtItsUsualTimeIsTold() {
    try (Serving serving = serve(", on: [stale, recovered]", "freshness: {num*: usual}")) {
      TestProject project = new TestProject(folder.resolve("shop"));
      for (int i = 0; i < 9; i++) {
        project.write("tables/numbers.csv", "n\n%d\n".formatted(i));
        TestRun.of(serving.workspace());
        clock.jump(Duration.ofDays(1));
      }
      assertThat(received).isEmpty();
      clock.jump(Duration.ofDays(1));
      awaitReceived(1);
      assertThat(received.get(0))
          .contains("\"alert\":\"stale\"", "freshness of num*", "older than usual: numbers (30h)");
      project.write("tables/numbers.csv", "n\n100\n");
      TestRun.of(serving.workspace());
      awaitReceived(2);
      assertThat(received.get(1)).contains("recovered");
      alerts.close();
    }
  }

  @Test
  void aLimitThatPassesBeforeTheNextRunCanEndIsToldAheadOfTime() {
    TestProject project =
        new TestProject(folder.resolve("shop")).write("tables/numbers.csv", "n\n1\n2\n");
    String settings =
        "{alerts: {ops: {webhook: 'http://127.0.0.1:%d/', on: [at_risk, stale]}},"
            + " freshness: {num*: 25h}, schedules: {nightly: {cron: %s}}}";
    int port = receiver.getAddress().getPort();
    project.write("headrace.yaml", settings.formatted(port, "'30 12 * * *'"));
    try (Serving serving = Serving.start(project, clock, alerts::of)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("nightly"));
      for (int i = 1; i <= 3; i++) {
        project.write("tables/numbers.csv", "n\n%d\n".formatted(i));
        clock.jump(i == 1 ? Duration.ofMinutes(31) : Duration.ofDays(1));
        serving.await("nightly", i);
      }
      assertThat(received).isEmpty();
      project.write("headrace.yaml", settings.formatted(port, "'30 12 * * FRI'"));
      awaitReceived(1);
      assertThat(received.get(0))
          .contains("\"alert\":\"at_risk\"", "freshness of num*")
          .contains("older than 25h: before the next run can end: numbers");
      alerts.close();
    }
  }
}

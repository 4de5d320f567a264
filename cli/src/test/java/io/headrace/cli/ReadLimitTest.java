package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.server.HeadraceServer;
import io.headrace.server.api.Api;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.command.CommandRunner.Asker;
import io.headrace.server.command.OngoingCommand;
import io.headrace.server.json.Json;
import io.headrace.server.route.Projects;
import io.headrace.server.runs.ReadLimit;
import io.headrace.server.runs.ServedProject;
import io.headrace.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server reads only so long for somebody, whichever way he asks. */
class ReadLimitTest {
  private static final String ENDLESS =
      "SELECT count(*) AS n FROM numbers a, numbers b, numbers c WHERE a.n * b.n + c.n = 7";

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Asker ADA = new Asker("ada", ZoneOffset.UTC);

  @TempDir private Path folder;

  /** Does something with a project that a server has. */
  @FunctionalInterface
  private interface Work {
    void on(ServedProject project) throws Exception;
  }

  private static final class Served extends ProjectCommand {
    private final Work work;

    Served(Console console, Work work) {
      super(console);
      this.work = work;
    }

    @Override
    int run(Workspace workspace) throws Exception {
      try (ServedProject served =
          new ServedProject("shop", workspace, 1, new SplittableRandom(0), Pause.REAL)) {
        work.on(served);
      }
      return 0;
    }
  }

  @BeforeEach
  void build() {
    Sandbox sandbox = new Sandbox(folder);
    sandbox.write("tables/numbers.sql", "SELECT range AS n FROM range(100000)\n");
    assertThat(sandbox.headrace("run", "--quiet").code()).isZero();
    assertThat(sandbox.headrace("env", "create", "dev").code()).isZero();
    sandbox.write("tables/numbers.sql", "SELECT range AS n FROM range(100001)\n");
    assertThat(sandbox.headrace("run", "--quiet", "--env", "dev").code()).isZero();
  }

  private void serve(Work work) throws Exception {
    PrintStream nowhere =
        new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Console console =
        new Console(nowhere, nowhere, false, folder, Clock.systemUTC(), ZoneOffset.UTC, "server");
    assertThat(new Served(console, work).call()).isZero();
  }

  @Test
  void aCommandEndsWhenTheSameQueryOfTheApiDoes() throws Exception {
    serve(
        project -> {
          Projects projects = new Projects(new TreeMap<>(Map.of("shop", project)));
          try (CommandDesk desk =
                  new CommandDesk(
                      new ServedCommands(Clock.systemUTC()),
                      Clock.systemUTC(),
                      new ReadLimit(Duration.ofSeconds(1)));
              HeadraceServer server = HeadraceServer.start(0, Api.routes(projects, desk))) {
            OngoingCommand command =
                desk.start(project, "endless", List.of("query", ENDLESS), List.of(), ADA);
            assertThat(query(server.port())).contains("\"it took longer than 1 s\"");
            assertThat(command.printed().after(0, LONG))
                .singleElement()
                .satisfies(
                    printed ->
                        assertThat(printed.text()).contains("error: it took longer than 1 s"));
            assertThat(command.printed().after(1, LONG)).as("all that it printed").isEmpty();
            assertThat(command.exitCode()).contains(1);
          }
        });
  }

  private static String query(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:%d%s/projects/shop/query".formatted(port, Api.ROOT)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(Json.object("sql", ENDLESS))))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void whatReadsStopsWhenItsTimeIsOver() throws Exception {
    ServedCommands commands = new ServedCommands(Clock.systemUTC());
    List<List<String>> reading =
        List.of(
            List.of("query", "FROM numbers"),
            List.of("query", "FROM numbers", "--format", "csv"),
            List.of("show", "numbers"),
            List.of("show", "numbers", "--json"),
            List.of("diff", "main", "dev", "--table", "numbers"));
    serve(
        project -> {
          for (List<String> command : reading) {
            assertThat(commands.onlyReadsRows(command)).as(command.toString()).isTrue();
            Cancellation over = new Cancellation();
            over.request("its time is over");
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            try (PrintStream out = new PrintStream(PrintStream.nullOutputStream());
                PrintStream told = new PrintStream(err, true, StandardCharsets.UTF_8)) {
              assertThat(commands.execute(project, command, ADA, out, told, over))
                  .as(command.toString())
                  .isEqualTo(1);
            }
            assertThat(err.toString(StandardCharsets.UTF_8))
                .as(command.toString())
                .contains("error: its time is over");
          }
        });
  }

  @Test
  void whatBuildsHasNoLimit() {
    ServedCommands commands = new ServedCommands(Clock.systemUTC());
    for (String builds : List.of("run", "check", "verify", "export", "maintain")) {
      assertThat(commands.onlyReadsRows(List.of(builds))).as(builds).isFalse();
    }
    assertThat(
            commands.onlyReadsRows(
                List.of("backfill", "numbers", "--from", "2026-01-01", "--to", "2026-02-01")))
        .isFalse();
  }
}

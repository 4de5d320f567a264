package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.Tokens.Token;
import io.headrace.catalog.sqlite.SqliteAccounts;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.server.Endpoint;
import io.headrace.server.HeadraceServer;
import io.headrace.server.access.Access;
import io.headrace.server.access.AccessFile;
import io.headrace.server.access.Doorway;
import io.headrace.server.access.Gate;
import io.headrace.server.access.Secret;
import io.headrace.server.api.Api;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.command.CommandRunner;
import io.headrace.server.json.Json;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.runs.ServedProject;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may have a server do which command. The commands are only said to be done. */
class CommandNeedsTest {
  private static final List<String> WHO =
      List.of("viewer", "editor", "operator", "devops", "part", "masked", "admin");

  private static final String RULES =
      """
      grants:
        - {who: token:viewer, role: viewer}
        - {who: token:editor, role: editor}
        - {who: token:operator, role: operator}
        - {who: token:devops, role: operator, environments: ["dev*"]}
        - {who: token:part, role: operator, schemas: [marts]}
        - {who: token:masked, role: operator}
        - {who: token:admin, role: admin}
      masks:
        - {table: numbers, column: n, except: [token:viewer, token:editor, token:operator, token:devops]}
      """;

  /** Each command, and who of those above may: + does, 3 is refused, 4 is told of no such thing. */
  private static final String MATRIX =
      """
      +++433+ query|SELECT 1
      ++++33+ query|SELECT 1|--env|dev
      +++333+ query|SELECT 1|--env|dev|--at|1
      333333+ query|SELECT 1|-o|x.csv
      +++433+ log
      +++333+ log|--env|devgone
      +++333+ show|numbers
      333333+ show|../numbers
      +++333+ why|numbers
      333333+ why|numbers|--param|n=1
      +++333+ lineage|numbers
      +++333+ diff|main|dev
      333333+ diff|main|dev|--table|numbers|--key|n
      +++333+ env|list
      +++333+ schedule|list
      +++333+ schedule|ticks|nightly
      33+433+ run
      3+++33+ run|--env|dev
      33+433+ run|marts.total|--param|n=1
      333333+ run|-C|/tmp
      333333+ run|/etc
      333333+ run|--follow
      333333+ run|--env|dev@1
      33+433+ promote|dev
      3++433+ promote|main|--to|dev
      33+433+ rollback
      3+++33+ rollback|dev|--to|99
      3++43++ env|create|dev2
      3+++3++ env|create|dev2|--from|dev
      333333+ env|create|dev2|--at|1
      3+++33+ env|delete|dev
      33+433+ schedule|pause|nightly
      33++33+ schedule|resume|indev
      33++33+ schedule|trigger|indev|--key|k
      333333+ schedule|pause|nothing
      333333+ plan
      333333+ check
      333333+ test
      333333+ verify
      333333+ export
      333333+ backfill|numbers|--from|2026|--to|2027
      333333+ replay|numbers
      333333+ maintain
      333333+ erase|numbers|--where|n = 1
      333333+ gc
      333333+ doctor
      333333+ pin|1
      333333+ unpin|1
      +++333+ nonsense
      """;

  @TempDir private Path folder;

  /** What a server does commands with, without doing them. */
  private static final class Needing implements CommandRunner {
    @Override
    public List<Need> needs(ServedProject project, List<String> arguments) {
      return CommandNeeds.of(project, arguments);
    }

    @Override
    public int execute(
        ServedProject project,
        List<String> arguments,
        Asker asked,
        PrintStream out,
        PrintStream err,
        Cancellation cancel) {
      return 0;
    }
  }

  /** Asks a server for each command as each of them. */
  private static final class Asking extends ProjectCommand {
    private final Path access;
    private final Map<String, String> tokens = new HashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private String address = "";
    private String found = "";

    Asking(Console console, Path access) {
      super(console);
      this.access = access;
    }

    @Override
    int run(Workspace workspace) throws Exception {
      Files.createDirectories(access);
      Files.writeString(access.resolve("access.yaml"), RULES);
      try (SqliteAccounts accounts = SqliteAccounts.open(access);
          ServedProject served =
              new ServedProject("shop", workspace, 1, new SplittableRandom(0), Pause.REAL);
          CommandDesk desk = new CommandDesk(new Needing(), Clock.systemUTC())) {
        for (String who : WHO) {
          String token = Secret.newToken();
          tokens.put(who, token);
          accounts
              .tokens()
              .add(
                  new Token(
                      who,
                      Secret.tokenDigest(token),
                      Instant.now(),
                      Optional.empty(),
                      Optional.empty()));
        }
        Projects projects = new Projects(new TreeMap<>(Map.of("shop", served)));
        Access rules =
            new Access(
                AccessFile.open(access, e -> {}), accounts, Doorway.LOOPBACK, Clock.systemUTC());
        try (HeadraceServer server =
            HeadraceServer.start(
                new Endpoint("127.0.0.1", 0, Doorway.LOOPBACK, Optional.empty()),
                Gate.of(projects, rules),
                Api.routes(projects, desk),
                e -> {})) {
          address = "http://127.0.0.1:%d/api/v1/projects/shop/commands".formatted(server.port());
          StringBuilder all = new StringBuilder();
          for (String line : MATRIX.lines().toList()) {
            String words = line.substring(line.indexOf(' ') + 1);
            for (String who : WHO) {
              all.append(asked(who, List.of(words.split("\\|"))));
            }
            all.append(' ').append(words).append('\n');
          }
          found = all.toString();
          requireOwnOnly();
        }
      }
      return 0;
    }

    private char asked(String who, List<String> words) throws Exception {
      HttpResponse<String> answer =
          send(
              who,
              HttpRequest.newBuilder(URI.create(address))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(Json.write(Json.object("arguments", words)))));
      return switch (answer.statusCode()) {
        case 202 -> '+';
        case 403 -> '3';
        case 404 -> '4';
        default -> throw new AssertionError(answer.statusCode() + answer.body());
      };
    }

    private HttpResponse<String> send(String who, HttpRequest.Builder request) throws Exception {
      return client.send(
          request.header("Authorization", "Bearer " + tokens.get(who)).build(),
          BodyHandlers.ofString());
    }

    /** What became of a command is for who asked for it, and for admins. */
    private void requireOwnOnly() throws Exception {
      HttpRequest.Builder start =
          HttpRequest.newBuilder(URI.create(address))
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", "mine");
      String log = Json.write(Json.object("arguments", List.of("log")));
      assertThat(send("editor", start.copy().POST(BodyPublishers.ofString(log))).statusCode())
          .isEqualTo(202);
      assertThat(send("viewer", start.copy().POST(BodyPublishers.ofString(log))).statusCode())
          .as("the key of somebody else's command")
          .isEqualTo(409);
      HttpRequest.Builder show = HttpRequest.newBuilder(URI.create(address + "/mine"));
      assertThat(send("editor", show.copy()).statusCode()).isEqualTo(200);
      assertThat(send("admin", show.copy()).statusCode()).isEqualTo(200);
      assertThat(send("viewer", show.copy()).statusCode()).isEqualTo(404);
      Files.writeString(
          access.resolve("access.yaml"),
          RULES.replace("role: editor}", "role: editor, environments: [dev]}"));
      long end = System.nanoTime() + 10_000_000_000L;
      while (send("editor", show.copy()).statusCode() != 404 && System.nanoTime() < end) {
        Thread.sleep(50);
      }
      assertThat(send("editor", show.copy()).statusCode())
          .as("he may not see any more what it printed")
          .isEqualTo(404);
      HttpRequest.Builder list = HttpRequest.newBuilder(URI.create(address));
      assertThat(send("viewer", list.copy()).body())
          .contains("token:viewer")
          .doesNotContain("token:editor");
    }
  }

  @Test
  void eachCommandIsForThoseWhoMayDoTheSameInTheApi() throws IOException {
    Sandbox sandbox = new Sandbox(folder.resolve("shop"));
    sandbox
        .write(
            "headrace.yaml",
            "schedules: {nightly: {every: 1h}, indev: {every: 1h, environment: dev}}\n")
        .write("tables/numbers.csv", "n\n1\n")
        .write("tables/marts/total.sql", "SELECT sum(n) AS total FROM numbers\n");
    assertThat(sandbox.headrace("run", "--quiet").code()).isZero();
    assertThat(sandbox.headrace("env", "create", "dev").code()).isZero();
    PrintStream nowhere =
        new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Asking asking =
        new Asking(
            new Console(
                nowhere,
                nowhere,
                false,
                folder.resolve("shop"),
                Clock.systemUTC(),
                ZoneOffset.UTC,
                "ada"),
            folder.resolve("access"));
    assertThat(call(asking)).isZero();
    assertThat(asking.found).isEqualTo(MATRIX);
  }

  private static int call(Asking asking) {
    try {
      return asking.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

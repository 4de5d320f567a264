package io.headrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that a server does is the command that the command line does. */
class RemoteCommandTest {
  /** What looks and changes nothing, whose answers are the same wherever it is done. */
  private static final List<List<String>> LOOKING =
      List.of(
          List.of("plan"),
          List.of("plan", "--json"),
          List.of("query", "SELECT * FROM revenue ORDER BY 1"),
          List.of("query", "SELECT * FROM revenue ORDER BY 1", "--format", "csv"),
          List.of("query", "SELECT 'ä€😀' AS x", "--json"),
          List.of("query", "SELECT * FROM nowhere"),
          List.of("query", "SELEKT"),
          List.of("show", "revenue"),
          List.of("why", "revenue"),
          List.of("lineage", "revenue"),
          List.of("check"),
          List.of("test"),
          List.of("verify", "revenue"),
          List.of("log"),
          List.of("log", "--json"),
          List.of("diff", "main", "dev"),
          List.of("env", "list"),
          List.of("gc", "--dry-run"),
          List.of("doctor"),
          List.of("maintain", "--dry-run"),
          List.of("schedule", "list"),
          List.of("export"),
          List.of("replay", "revenue"),
          List.of("erase", "revenue", "--where", "customer = 7"),
          List.of("backfill", "revenue", "--from", "2026", "--to", "2027"),
          List.of("promote", "nowhere"),
          List.of("rollback", "main", "--to", "99"),
          List.of("pin", "1"),
          List.of("unpin", "7"),
          List.of("run", "--select", "nothing"),
          List.of("nonsense"),
          List.of("env", "nonsense"),
          List.of("plan", "--nonsense"));

  @TempDir private Path folder;
  private Sandbox sandbox = new Sandbox(Path.of("."));
  private Optional<RunningServer> server = Optional.empty();

  @BeforeEach
  void serve() {
    sandbox = new Sandbox(folder);
    sandbox
        .write("tables/orders.csv", "id,customer,amount\n1,7,20.00\n2,8,5.50\n")
        .write(
            "tables/revenue.sql",
            "SELECT customer, sum(amount) AS revenue FROM orders GROUP BY customer\n");
    assertThat(sandbox.headrace("run", "--quiet").code()).isZero();
    assertThat(sandbox.headrace("env", "create", "dev").code()).isZero();
    server = Optional.of(new RunningServer(folder, Clock.systemUTC()));
  }

  @AfterEach
  void stop() {
    server.ifPresent(RunningServer::close);
  }

  private String address() {
    return server.orElseThrow().address();
  }

  /** What a command prints when the server does it. */
  private Result remote(String... args) {
    return at(address(), args);
  }

  private Result at(String address, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--server");
    all.add(address);
    try (PrintStream outStream = new PrintStream(out, true, UTF_8);
        PrintStream errStream = new PrintStream(err, true, UTF_8)) {
      Console console =
          new Console(
              outStream, errStream, false, folder, Clock.systemUTC(), ZoneOffset.UTC, "ada");
      int code =
          RemoteCommand.of("", all.toArray(new String[0]))
              .orElseThrow()
              .execute(console, Optional.empty());
      return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
    }
  }

  @Test
  void printsWhatItPrintsHere() {
    sandbox.useRealTime();
    for (List<String> command : LOOKING) {
      String[] args = command.toArray(new String[0]);
      Result here = sandbox.headrace(args);
      Result there = remote(args);
      assertThat(times(there)).as(command.toString()).isEqualTo(times(here));
    }
  }

  /** How long something took differs. */
  private static Result times(Result result) {
    return new Result(
        result.code(),
        result.out().replaceAll(" *\\d+(\\.\\d+)? ?m?s\\b", " TIME"),
        result.err().replaceAll(" *\\d+(\\.\\d+)? ?m?s\\b", " TIME"));
  }

  @Test
  void everyCommandIsDoneOrIsAboutThisMachine() {
    Set<String> tried = new TreeSet<>(ServedCommands.LOCAL);
    LOOKING.forEach(command -> tried.add(command.get(0)));
    assertThat(tried).containsAll(Commands.commandLine(console()).getSubcommands().keySet());
    for (String local : ServedCommands.LOCAL) {
      Result result = remote(local);
      assertThat(result.code()).as(local).isEqualTo(2);
      assertThat(result.err()).contains("is about the machine that it is typed on");
    }
  }

  private Console console() {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    return new Console(nowhere, nowhere, false, folder, Clock.systemUTC(), ZoneOffset.UTC, "ada");
  }

  @Test
  void runsPublishesAndRollsBack() {
    sandbox.write("tables/orders.csv", "id,customer,amount\n1,7,21.00\n2,8,5.50\n");
    Result run = remote("run", "--message", "from afar");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(sandbox.headrace("log").out()).contains("from afar");
    assertThat(remote("query", "SELECT revenue FROM revenue WHERE customer = 7", "--json").out())
        .contains("21");
    assertThat(remote("rollback", "main").code()).isZero();
    assertThat(remote("query", "SELECT revenue FROM revenue WHERE customer = 7", "--json").out())
        .contains("20");
    assertThat(remote("erase", "revenue", "--where", "customer = 7", "--yes").code()).isZero();
  }

  @Test
  void refusesWhatHasNoMeaningThere() {
    for (List<String> command :
        List.of(
            List.of("plan", "-C", folder.toString()),
            List.of("run", folder.toString()),
            List.of("run", "--memory", "1GB"),
            List.of("run", "--follow"),
            List.of("query", "SELECT 1", "--output", "x.csv"),
            List.of("query", "SELECT 1", "--format", "parquet"),
            List.of("query", "SELECT * FROM read_text('/etc/passwd')"),
            List.of("query", "SELECT * FROM read_text('/etc/passwd')", "--format", "csv"),
            List.of("query", "@/etc/passwd"),
            List.of("erase", "revenue", "--where", "EXISTS (FROM read_text('/etc/passwd'))"))) {
      Result result = remote(command.toArray(new String[0]));
      assertThat(result.code()).as(command + ": " + result.err()).isNotZero();
      assertThat(result.out() + result.err()).doesNotContain("root:");
    }
  }

  @Test
  void saysWhoseAddressIsWrong() {
    assertThat(at("http://127.0.0.1:1", "plan").err())
        .isEqualTo(
            """
            error: Nobody answers at 'http://127.0.0.1:1'

            hint: Start it there with `headrace serve`, or leave out --server
            """);
    assertThat(at("nonsense", "plan").err()).contains("'nonsense' is no address of a server");
    assertThat(at(address() + "/projects/nowhere", "plan").err())
        .contains("has no project 'nowhere'");
    assertThat(at(address() + "/projects/" + folder.getFileName(), "plan").code()).isZero();
  }

  @Test
  void sendsNoTokenToWhomeverListens() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, UTF_8);
    Console console =
        new Console(stream, stream, false, folder, Clock.systemUTC(), ZoneOffset.UTC, "ada");
    int code =
        RemoteCommand.of("http://data.example.com", "plan")
            .orElseThrow()
            .execute(console, Optional.of("secret"));
    assertThat(code).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("is not sent").doesNotContain("secret");
  }
}

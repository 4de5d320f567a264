package io.headrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What holds for all commands, and what a script cannot say. */
class CommandsTest {
  private static final Pattern VERSION = Pattern.compile("\"version\":\"([0-9a-f]{32})\"");

  @TempDir Path folder;

  /** Every command by the words that call it, such as {@code env list}. */
  static Stream<String> names() {
    return AllCommands.byName().keySet().stream().filter(name -> !name.isEmpty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void explainsItself(String name) {
    List<String> words = new ArrayList<>(Words.of(name));
    words.add("--help");
    Sandbox.Result help = new Sandbox(folder).headrace(words.toArray(String[]::new));
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("Usage: headrace " + name);
    CommandLine command = requireNonNull(AllCommands.byName().get(name));
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(help.out()).contains(option.longestName());
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
    }
  }

  @Test
  void completionIsAScriptThatBashCanRead() throws IOException, InterruptedException {
    Sandbox.Result completion = new Sandbox(folder).headrace("completion");
    assertThat(completion.code()).isZero();
    assertThat(completion.out()).contains("promote", "--select");
    Path script = Files.writeString(folder.resolve("completion"), completion.out());
    Process bash =
        new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
  }

  @Test
  void queryReadsStandardInput() {
    Sandbox sandbox = published("1");
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream("SELECT n + 1 AS m FROM a".getBytes(UTF_8)));
      assertThat(sandbox.headrace("query", "--json", "-").out()).isEqualTo("[{\"m\":2}]\n");
    } finally {
      System.setIn(before);
    }
  }

  @ParameterizedTest
  @CsvSource({"r,new", "f,old", "c,old", "'',old"})
  void aPersonIsAskedWhatBecomesOfRowsThatOtherCodeMade(String answer, String rows) {
    Sandbox sandbox = published("1");
    String front = "/*---\nincremental: {append: a}\n---*/ ";
    sandbox.write("tables/b.sql", front + "SELECT n, 'old' AS made FROM a");
    assertThat(sandbox.headrace("run").code()).isZero();
    sandbox.write("tables/b.sql", front + "SELECT n, 'new' AS made FROM a");
    InputStream before = System.in;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream err = new PrintStream(said, true, UTF_8)) {
      System.setIn(new ByteArrayInputStream((answer + "\n").getBytes(UTF_8)));
      Console watched =
          new Console(err, err, true, folder, Clock.systemUTC(), ZoneOffset.UTC, "ada");
      boolean isDone = answer.equals("r") || answer.equals("f");
      assertThat(Commands.execute(watched, "run")).isEqualTo(isDone ? 0 : 2);
    } finally {
      System.setIn(before);
    }
    assertThat(said.toString(UTF_8)).contains("The code of 'b' changed. [r]ebuild its 1 row");
    assertThat(sandbox.headrace("query", "--json", "SELECT made FROM b").out())
        .isEqualTo("[{\"made\":\"%s\"}]\n".formatted(rows));
  }

  @Test
  void queryPrintsParquetUnlessAPersonWatches() {
    Sandbox sandbox = published("1");
    assertThat(sandbox.headrace("query", "--format", "parquet", "FROM a").out())
        .startsWith("PAR1")
        .endsWith("PAR1");
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    Console watched =
        new Console(nowhere, nowhere, true, folder, Clock.systemUTC(), ZoneOffset.UTC, "ada");
    assertThat(Commands.execute(watched, "query", "--format", "parquet", "FROM a")).isEqualTo(2);
  }

  @Test
  void diffComparesVersions() {
    Sandbox sandbox = published("1");
    String before = version(sandbox);
    publish(sandbox, "2");
    String after = version(sandbox);
    Sandbox.Result diff = sandbox.headrace("diff", before.substring(0, 12), after);
    assertThat(diff.code()).isZero();
    assertThat(diff.out())
        .contains("changed  a  1 -> 1 rows")
        .containsPattern("- +1\n")
        .containsPattern("\\+ +2\n");
    assertThat(sandbox.headrace("diff", before, before).out()).isEqualTo("No differences\n");
  }

  @Test
  void doctorFindsAFileThatIsGone() throws IOException {
    Sandbox sandbox = published("1");
    Path data;
    try (Stream<Path> files = Files.walk(folder.resolve(".headrace/warehouse"))) {
      data = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Files.delete(data);
    Sandbox.Result report = sandbox.headrace("doctor");
    assertThat(report.code()).isEqualTo(1);
    assertThat(report.out()).contains("'" + data + "' is missing").contains("1 problem");
    assertThat(report.err()).contains("hint: ");
    assertThat(sandbox.headrace("run", "--refresh", "a").out()).startsWith("Published commit 2");
    assertThat(sandbox.headrace("query", "--json", "FROM a").out()).isEqualTo("[{\"n\":1}]\n");
  }

  @Test
  void unpinTakesAVersionByTheStartOfItsName() {
    Sandbox sandbox = published("1");
    String version = version(sandbox);
    sandbox.headrace("pin", "a");
    assertThat(sandbox.headrace("unpin", version.substring(0, 8)).out())
        .isEqualTo("Unpinned version '%s'\n".formatted(version));
  }

  private Sandbox published(String number) {
    Sandbox sandbox = new Sandbox(folder);
    publish(sandbox, number);
    return sandbox;
  }

  private static void publish(Sandbox sandbox, String number) {
    sandbox.write("tables/a.sql", "SELECT %s AS n".formatted(number));
    assertThat(sandbox.headrace("run", "--quiet").code()).isZero();
  }

  private static String version(Sandbox sandbox) {
    Matcher matcher = VERSION.matcher(sandbox.headrace("show", "--json").out());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}

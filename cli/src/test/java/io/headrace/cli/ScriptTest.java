package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every script below {@code scripts/} and compares what it prints with what it says.
 *
 * <p>With {@code -Dsnapshots=write} the scripts are written anew instead: read the difference
 * before you commit it.
 */
class ScriptTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/io/headrace/cli/scripts");

  @TempDir Path folder;

  static List<Path> commands() throws IOException {
    return scripts("commands");
  }

  static List<Path> mistakes() throws IOException {
    return scripts("mistakes");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void printsWhatTheScriptSays(Path script) throws IOException {
    compare(script);
  }

  /** A mistake is answered with what, where and what next, and never with the insides. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void answersTheMistake(Path script) throws IOException {
    String actual = compare(script);
    assertThat(actual).contains("hint: ").containsPattern("exit [123]");
    assertThat(actual).doesNotContainPattern("Exception|\\bat [a-z]+\\.|java\\.|io\\.headrace");
    if (!actual.startsWith("# Not in a file")) {
      assertThat(actual).containsPattern("(tables|checks|tests|exports|headrace)[^ ]*:\\d+:\\d+: ");
    }
  }

  private String compare(Path script) throws IOException {
    Path file = SCRIPTS.resolve(script);
    String expected = Files.readString(file);
    String actual = Script.run(expected, new Sandbox(folder.toRealPath()));
    if ("write".equals(System.getProperty("snapshots"))) {
      Files.writeString(file, actual);
    } else {
      assertThat(actual).isEqualTo(expected);
    }
    return actual;
  }

  private static List<Path> scripts(String kind) throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS.resolve(kind))) {
      return files.map(SCRIPTS::relativize).sorted().toList();
    }
  }
}

package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Runs every command that the documents show, and compares what it prints with what they say. With
 * {@code -Dsnapshots=write} the documents are written anew instead.
 */
class DocsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path COMMANDS = ROOT.resolve("docs/reference/commands.md");
  private static final Pattern HEADING = Pattern.compile("## `headrace ?([a-z ]*)`");
  private static final Pattern OPTION = Pattern.compile("`(-[A-Za-z]|--[a-z-]+)\\b");
  private static final Pattern MENTION = Pattern.compile("`headrace ([a-z-]+)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  @TempDir Path folder;

  static Stream<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    documents.add(ROOT.resolve("CHANGELOG.md"));
    try (Stream<Path> below = Files.walk(ROOT.resolve("docs"))) {
      below.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void saysWhatItsCommandsPrint(Path document) throws IOException {
    String expected = Files.readString(document);
    Path real = folder.toRealPath();
    String actual = Document.run(expected, real);
    String looseActual = Normal.loose(actual, real);
    String looseExpected = Normal.loose(expected, real);
    if (!"write".equals(System.getProperty("snapshots"))) {
      assertThat(looseActual).isEqualTo(looseExpected);
    } else if (!looseActual.equals(looseExpected)) {
      Files.writeString(document, actual);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void linksToWhatIsThere(Path document) throws IOException {
    Matcher links = LINK.matcher(Files.readString(document));
    while (links.find()) {
      assertThat(document.resolveSibling(links.group(1))).exists();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void namesNoCommandThatIsNotThere(Path document) throws IOException {
    Matcher mentions = MENTION.matcher(Files.readString(document));
    while (mentions.find()) {
      assertThat(AllCommands.byName()).containsKey(mentions.group(1));
    }
  }

  @Test
  void referenceHasEveryCommandWithItsOptions() throws IOException {
    Map<String, Set<String>> documented = new LinkedHashMap<>();
    Set<String> options = new TreeSet<>();
    for (String line : Files.readAllLines(COMMANDS)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        options = new TreeSet<>();
        documented.put(heading.group(1), options);
      } else if (line.startsWith("| `-")) {
        Matcher names = OPTION.matcher(line.substring(0, line.indexOf(" | ", 2)));
        while (names.find()) {
          options.add(names.group(1));
        }
      }
    }
    Map<String, Set<String>> actual = new LinkedHashMap<>();
    for (Map.Entry<String, CommandLine> command : AllCommands.byName().entrySet()) {
      actual.put(command.getKey(), options(command.getValue()));
    }
    assertThat(documented).isEqualTo(actual);
  }

  @Test
  void referenceRunsEveryCommand() throws IOException {
    assertThat(Document.commands(Files.readString(COMMANDS)))
        .containsAll(AllCommands.byName().keySet().stream().skip(1).toList());
  }

  /** All but {@code --help}, which every command has. */
  private static Set<String> options(CommandLine command) {
    Set<String> names = new TreeSet<>();
    command.getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp())
        .forEach(option -> names.addAll(List.of(option.names())));
    return names;
  }
}

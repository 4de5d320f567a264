package io.headrace.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** The commands as the parser knows them. */
final class AllCommands {
  private AllCommands() {}

  /** Every command by the words that call it; {@code headrace} itself by none. */
  static Map<String, CommandLine> byName() {
    Console console =
        new Console(
            System.out, System.err, false, Path.of(""), Clock.systemUTC(), ZoneOffset.UTC, "ada");
    Map<String, CommandLine> commands = new LinkedHashMap<>();
    add(commands, "", Commands.commandLine(console));
    return commands;
  }

  private static void add(Map<String, CommandLine> commands, String name, CommandLine line) {
    commands.put(name, line);
    line.getSubcommands()
        .forEach((word, child) -> add(commands, (name + " " + word).strip(), child));
  }
}

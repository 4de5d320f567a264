package io.headrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code headrace} without a command. */
@Command(
    name = "headrace",
    header = "Turns a folder of SQL and data into tables that people trust.",
    description = "%nStart with `headrace init DIR`, then `headrace run DIR`.%n",
    footer =
        "%nExit codes: 0 done, 1 failed, 2 wrong usage, 3 conflict (retry), 4 unknown (look first)",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
final class RootCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--version", description = "Print the version")
  private boolean version;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Have a server do it: http://HOST:PORT, or http://HOST:PORT/projects/NAME")
  private String server = "";

  RootCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (version) {
      console.out().println("headrace " + Version.text());
      return 0;
    }
    if (!server.isEmpty()) {
      console.error(
          "No command for '%s'".formatted(server),
          "Say what it shall do, such as `headrace --server %s log`".formatted(server));
      return 2;
    }
    spec.commandLine().usage(console.err(), CommandLine.Help.Ansi.OFF);
    return 2;
  }
}

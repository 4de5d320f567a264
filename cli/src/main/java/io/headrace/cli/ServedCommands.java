package io.headrace.cli;

import io.headrace.engine.Cancellation;
import io.headrace.error.UsageException;
import io.headrace.server.command.CommandRunner;
import io.headrace.server.route.Need;
import io.headrace.server.runs.ServedProject;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The commands of this program, done in a server. */
final class ServedCommands implements CommandRunner {
  /** Commands that are about the machine on which they are typed. */
  static final Set<String> LOCAL =
      Set.of("init", "broker", "listen", "serve", "user", "token", "audit", "completion");

  /** Commands that read rows of tables for somebody to look at. */
  private static final Set<String> READING = Set.of("query", "show", "diff");

  private final Clock clock;

  ServedCommands(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void require(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new UsageException("No command", "Give the words that are typed behind `headrace`");
    }
    String name = arguments.get(0);
    if (LOCAL.contains(name)) {
      throw new UsageException(
          "`headrace %s` is about the machine that it is typed on".formatted(name),
          "Do it there, without --server, and see that HEADRACE_SERVER is not set");
    }
    if (name.equals("query") && arguments.contains("-")) {
      throw new UsageException("A server reads no standard input", "Give the query itself");
    }
  }

  @Override
  public List<Need> needs(ServedProject project, List<String> arguments) {
    require(arguments);
    return CommandNeeds.of(project, arguments);
  }

  @Override
  public boolean onlyReadsRows(List<String> arguments) {
    return CommandNeeds.commandIn(arguments).filter(READING::contains).isPresent();
  }

  @Override
  public int execute(
      ServedProject project,
      List<String> arguments,
      Asker asked,
      PrintStream out,
      PrintStream err,
      Cancellation cancel) {
    Console console =
        new Console(
            out,
            err,
            false,
            project.workspace().root(),
            clock,
            asked.zone(),
            asked.name(),
            Optional.of(new Console.Served(project, cancel)));
    return Commands.execute(console, arguments.toArray(new String[0]));
  }
}

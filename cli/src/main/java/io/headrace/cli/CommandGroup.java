package io.headrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only has commands below it: alone, it says which. */
abstract class CommandGroup implements Callable<Integer> {
  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  CommandGroup(Console console) {
    this.console = console;
  }

  @Override
  public final Integer call() {
    spec.commandLine().usage(console.err(), CommandLine.Help.Ansi.OFF);
    return 2;
  }
}

package io.headrace.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headrace completion}: tab completion for bash and zsh. */
@Command(
    name = "completion",
    description =
        "Print a script for tab completion in bash and zsh: source <(headrace completion)")
final class CompletionCommand implements Callable<Integer> {
  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().print(AutoComplete.bash("headrace", spec.root().commandLine()));
    return 0;
  }
}

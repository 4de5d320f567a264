package io.headrace.cli;

import picocli.CommandLine.Option;

/** The option of commands that move an environment, about what is delivered then. */
final class ExportOptions {
  @Option(
      names = "--no-exports",
      description = "Deliver nothing afterwards: `headrace export` does it")
  private boolean leftOut;

  /** Whether exports are delivered. */
  boolean areWanted() {
    return !leftOut;
  }
}

package io.headrace.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that run, about what they print. */
final class ReportOptions {
  @Option(names = "--json", description = "Print events as JSON lines; the last one is the result")
  private boolean json;

  @Option(names = "--quiet", description = "Print no progress")
  private boolean quiet;

  @Mixin private ExportOptions exports = new ExportOptions();

  boolean json() {
    return json;
  }

  boolean exports() {
    return exports.areWanted();
  }

  boolean quiet() {
    return quiet;
  }

  /**
   * Tells of a run.
   *
   * @param again what carries on with one that failed
   */
  RunOutput output(Console console, String again) {
    return new RunOutput(console, quiet, json, exports.areWanted(), again);
  }
}

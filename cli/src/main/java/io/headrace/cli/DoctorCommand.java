package io.headrace.cli;

import io.headrace.maintain.Doctor;
import io.headrace.server.json.Json;
import io.headrace.workspace.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headrace doctor}: verify what is there. */
@Command(
    name = "doctor",
    description = "Verify that every version is there and whole.",
    sortOptions = false)
final class DoctorCommand extends ProjectCommand {
  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  DoctorCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Doctor.Report report = new Doctor(workspace).examine();
    if (json) {
      console()
          .out()
          .println(
              Json.write(
                  Json.object(
                      "versions",
                      report.versions(),
                      "files",
                      report.files(),
                      "problems",
                      report.problems())));
    } else {
      report.problems().forEach(problem -> console().out().println("  " + problem));
      console()
          .out()
          .println(
              "%s with %s: %s"
                  .formatted(
                      Texts.count(report.versions(), "version"),
                      Texts.count(report.files(), "file"),
                      report.problems().isEmpty()
                          ? "all there and whole"
                          : Texts.count(report.problems().size(), "problem")));
    }
    if (!report.problems().isEmpty()) {
      console().err().println();
      console()
          .err()
          .println("hint: Build what is damaged again with `headrace run --refresh TABLE`");
    }
    return report.problems().isEmpty() ? 0 : 1;
  }
}

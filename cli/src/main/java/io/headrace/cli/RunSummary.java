package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs;
import io.headrace.check.CheckOutcome;
import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.run.TaskOutcome.Kind;
import io.headrace.server.json.RejectedRows;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Says how a run ended and what to do next. */
final class RunSummary {
  private static final int SHOWN_ROWS = 5;

  private final Console console;
  private final Project project;
  private final Graph graph;
  private final String command;

  /**
   * @param command what carries on with a run that failed
   */
  RunSummary(Console console, Project project, Graph graph, String command) {
    this.command = command;
    this.console = console;
    this.project = project;
    this.graph = graph;
  }

  /**
   * Prints it.
   *
   * @param rejected the tables of the run that reject rows
   */
  void print(RunResult result, SortedMap<TableName, RejectedRows> rejected) {
    for (CheckOutcome check : result.checks()) {
      printCheck(check);
    }
    // Two tables that share the rows of a query out fail for one reason, mostly.
    Set<String> told = new HashSet<>();
    for (TaskOutcome task : result.tasks(Kind.FAILED)) {
      boolean isCheck = result.checks().stream().anyMatch(c -> isOf(c, task));
      boolean isTold = graph.half(task.table()).isPresent() && !told.add(task.message());
      if (!isCheck && !isTold) {
        console.err().println();
        console.error(task.message(), task.hint());
      }
    }
    rejected.forEach(
        (table, rows) ->
            Texts.rejected(table, rows).ifPresent(text -> console.err().println("  " + text)));
    String counts = counts(result);
    String time = Texts.duration(result.duration());
    console.err().flush();
    if (result.commit().isPresent() && result.isGood()) {
      console
          .out()
          .println(
              "Published commit %d to '%s': %s in %s"
                  .formatted(result.commit().get(), result.environment(), counts, time));
      next(result);
    } else if (result.isGood()) {
      console
          .out()
          .println(
              "Nothing to publish: '%s' is up to date (%s, %s)"
                  .formatted(result.environment(), counts, time));
    } else {
      printFailure(result, counts);
    }
  }

  private void printFailure(RunResult result, String counts) {
    String why = result.state() == Runs.State.CANCELLED ? "Cancelled" : "Failed";
    String published =
        result
            .commit()
            .map(id -> "commit %d published what is ready".formatted(id))
            .orElse("nothing was published");
    console.out().println("%s: %s; %s".formatted(why, published, counts));
    String kept =
        "What was built is kept: after the fix, `headrace %s` builds only the rest"
            .formatted(command);
    console.err().println();
    console.err().println("hint: " + kept);
  }

  private static boolean isOf(CheckOutcome check, TaskOutcome task) {
    return check.blocks() && check.check().table().equals(Optional.of(task.table()));
  }

  private void printCheck(CheckOutcome check) {
    if (check.passed()) {
      return;
    }
    console.err().println();
    String place = check.check().at() + ": ";
    if (check.blocks()) {
      console.err().println("error: " + place + check.message());
    } else {
      console.err().println("warning: " + place + check.message());
    }
    check.sample().ifPresent(rows -> console.err().print(RowsText.of(rows, SHOWN_ROWS, "  ")));
  }

  private static String counts(RunResult result) {
    List<String> parts = new ArrayList<>();
    int built = result.tasks(Kind.BUILT).size();
    int same = result.tasks(Kind.SAME).size();
    parts.add(
        "%d built".formatted(built + same) + (same > 0 ? " (%d as before)".formatted(same) : ""));
    parts.add("%d reused".formatted(result.tasks(Kind.REUSED).size()));
    if (!result.tasks(Kind.FAILED).isEmpty()) {
      parts.add("%d failed".formatted(result.tasks(Kind.FAILED).size()));
    }
    if (!result.tasks(Kind.SKIPPED).isEmpty()) {
      parts.add("%d skipped".formatted(result.tasks(Kind.SKIPPED).size()));
    }
    if (!result.removed().isEmpty()) {
      parts.add("%d removed".formatted(result.removed().size()));
    }
    return String.join(", ", parts);
  }

  private void next(RunResult result) {
    List<TableName> leaves =
        result.tasks().stream()
            .map(TaskOutcome::table)
            .filter(table -> graph.dependants(table).isEmpty())
            .toList();
    if (leaves.isEmpty()) {
      return;
    }
    Path relative = relative(project.root());
    String folder = relative.toString().isEmpty() ? "" : "-C %s ".formatted(relative);
    boolean isMain = result.environment().equals(Environment.MAIN);
    String env = isMain ? "" : "--env %s ".formatted(result.environment());
    console.err().println();
    console
        .err()
        .println(
            "Next: `headrace query %s%s\"FROM %s LIMIT 10\"`"
                .formatted(folder, env, leaves.get(0)));
  }

  private Path relative(Path root) {
    Path here = console.folder().toAbsolutePath().normalize();
    return here.startsWith(root) ? Path.of("") : here.relativize(root);
  }
}

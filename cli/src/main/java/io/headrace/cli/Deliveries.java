package io.headrace.cli;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.ProjectException;
import io.headrace.export.ExportOutcome;
import io.headrace.export.ExportOutcome.Kind;
import io.headrace.export.Exporter;
import io.headrace.project.Export;
import io.headrace.project.Project;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Delivers exports and tells of it. */
final class Deliveries {
  private static final int NAME_WIDTH = 20;

  private final Console console;
  private final Exporter exporter;
  private final boolean json;

  /**
   * @param json whether to tell programs rather than people
   */
  Deliveries(Console console, Workspace workspace, boolean json) {
    this.console = console;
    this.exporter = new Exporter(workspace);
    this.json = json;
  }

  /**
   * Delivers what a run may have made due. What is there already is not told.
   *
   * @param environment that was published to
   * @return what was done
   */
  List<ExportOutcome> afterRun(Project project, String environment, Cancellation cancel) {
    return deliverDue(project, environment, cancel, this::tell);
  }

  private List<ExportOutcome> deliverDue(
      Project project, String environment, Cancellation cancel, Consumer<ExportOutcome> listener) {
    List<ExportOutcome> outcomes = new ArrayList<>();
    List<Export> due =
        project.exports().values().stream()
            .filter(export -> export.environment().equals(environment))
            .filter(exporter::mayBeDue)
            .toList();
    each(
        due,
        export -> exporter.deliver(export, cancel),
        outcome -> {
          if (outcome.kind() != Kind.CURRENT) {
            outcomes.add(outcome);
            listener.accept(outcome);
          }
        });
    return outcomes;
  }

  /**
   * What became of the exports of an environment that was moved.
   *
   * @param exitCode of the command that moved it
   */
  record Moved(List<ExportOutcome> outcomes, int exitCode) {
    /** As objects. */
    List<?> objects() {
      return outcomes.stream().map(ServerJson::of).toList();
    }
  }

  /**
   * Delivers what became due by a command that moved an environment, and needed no project for it:
   * mistakes in the project keep nobody from moving back. To tell programs is left to the caller.
   */
  static Moved afterMove(
      Console console, Workspace workspace, String environment, boolean json, Cancellation cancel) {
    if (!Files.isDirectory(workspace.root().resolve("exports"))) {
      return new Moved(List.of(), 0);
    }
    Deliveries deliveries = new Deliveries(console, workspace, json);
    try {
      List<ExportOutcome> outcomes =
          deliveries.deliverDue(
              workspace.readProject(),
              environment,
              cancel,
              outcome -> {
                if (!json) {
                  deliveries.tell(outcome);
                }
              });
      return new Moved(outcomes, exitCode(outcomes, cancel));
    } catch (ProjectException e) {
      console.error(
          "Nothing was delivered: the project has mistakes",
          "Look at them with `headrace plan`, and deliver with `headrace export`");
      return new Moved(List.of(), 1);
    }
  }

  /** Delivers, or only looks, and tells of each. */
  List<ExportOutcome> deliver(List<Export> exports, boolean dryRun, Cancellation cancel) {
    List<ExportOutcome> outcomes = new ArrayList<>();
    each(
        exports,
        export -> dryRun ? exporter.look(export) : exporter.deliver(export, cancel),
        outcome -> {
          outcomes.add(outcome);
          if (!json) {
            tell(outcome);
          }
        });
    return outcomes;
  }

  /** Goes on when one fails, and ends when it is cancelled. */
  private void each(
      List<Export> exports,
      Function<Export, ExportOutcome> delivery,
      Consumer<ExportOutcome> listener) {
    for (Export export : exports) {
      try {
        listener.accept(delivery.apply(export));
      } catch (CancelledException e) {
        console
            .err()
            .println(
                "Cancelled: '%s' is as it was; `headrace export` goes on"
                    .formatted(export.destination()));
        return;
      }
    }
  }

  /** The exit code of a command that did these, and was good otherwise. */
  static int exitCode(List<ExportOutcome> outcomes, Cancellation cancel) {
    boolean anyFailed = outcomes.stream().anyMatch(outcome -> outcome.kind() == Kind.FAILED);
    return cancel.isRequested() ? 130 : anyFailed ? 1 : 0;
  }

  private void tell(ExportOutcome outcome) {
    if (json) {
      Map<String, @Nullable Object> event = Json.object("event", "export_finished");
      event.putAll(ServerJson.of(outcome));
      console.out().println(Json.write(event));
      console.out().flush();
      return;
    }
    console.out().println(line(outcome).stripTrailing());
    console.out().flush();
    if (outcome.kind() == Kind.FAILED) {
      console.error(outcome.message(), outcome.hint());
    }
  }

  private static String line(ExportOutcome outcome) {
    Export export = outcome.export();
    String start =
        String.format(
            Locale.ROOT, "  %-11s  %-" + NAME_WIDTH + "s", word(outcome.kind()), export.name());
    if (outcome.kind() == Kind.DELIVERED || outcome.kind() == Kind.PENDING) {
      return String.format(
          Locale.ROOT,
          "%s %15s  %8s  %s",
          start,
          Texts.count(outcome.rows(), "row"),
          Texts.duration(outcome.duration()),
          to(outcome));
    }
    return start;
  }

  private static String to(ExportOutcome outcome) {
    return "to "
        + outcome.export().destination()
        + (outcome.message().isEmpty() ? "" : ", " + outcome.message());
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case CURRENT -> "up to date";
      case PENDING -> "to deliver";
      default -> kind.toString();
    };
  }
}

package io.headrace.cli;

import io.headrace.check.CheckOutcome;
import io.headrace.run.RunEvent;
import io.headrace.run.TaskOutcome;
import io.headrace.run.TaskOutcome.Kind;
import io.headrace.table.TableName;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Shows a run while it goes, on standard error: a line for each table that was built, and, where a
 * person watches, a line below them that says what is going on.
 */
final class Progress implements Consumer<RunEvent> {
  private static final int NAME_WIDTH = 28;

  private final Console console;
  private final boolean quiet;
  private final Set<TableName> running = new LinkedHashSet<>();
  private final Map<TableName, String> parts = new HashMap<>();
  private int total;
  private int done;
  private int statusWidth;

  Progress(Console console, boolean quiet) {
    this.console = console;
    this.quiet = quiet;
  }

  @Override
  public void accept(RunEvent event) {
    if (quiet) {
      return;
    }
    if (event instanceof RunEvent.Started e) {
      total = e.tasks();
      done = 0;
      line(
          "Run on '%s'%s: %s, %d to build"
              .formatted(
                  e.environment(),
                  e.commit() == 0 ? "" : " at commit " + e.commit(),
                  Texts.count(e.tasks(), "table"),
                  e.toBuild()));
    } else if (event instanceof RunEvent.TaskStarted e) {
      running.add(e.table());
    } else if (event instanceof RunEvent.PartFinished e) {
      parts.put(
          e.table(),
          " (%,d of %,d, %s)".formatted(e.done(), e.total(), Texts.count(e.rows(), "row")));
    } else if (event instanceof RunEvent.TaskWaiting e) {
      line("  waiting  %s: another process builds it".formatted(e.table()));
    } else if (event instanceof RunEvent.TaskRetried e) {
      line("  retry    %s (attempt %d failed): %s".formatted(e.table(), e.attempt(), e.message()));
    } else if (event instanceof RunEvent.TaskFinished e) {
      running.remove(e.outcome().table());
      parts.remove(e.outcome().table());
      done++;
      finished(e.outcome());
    } else if (event instanceof RunEvent.CheckFinished e) {
      checked(e.outcome());
    } else if (event instanceof RunEvent.Conflicted e) {
      line("  again    " + e.message());
    } else if (event instanceof RunEvent.Compacted e) {
      line("  compact  " + Texts.compacted(e.compacted(), false));
    } else if (event instanceof RunEvent.NotCompacted e) {
      line("  warning  '%s' could not be compacted: %s".formatted(e.table(), e.message()));
    }
    status(event instanceof RunEvent.Finished);
  }

  private void finished(TaskOutcome outcome) {
    if (outcome.kind() == Kind.REUSED || outcome.kind() == Kind.SKIPPED) {
      return;
    }
    String kind = String.format(Locale.ROOT, "  %-8s ", outcome.kind());
    if (outcome.kind() == Kind.FAILED) {
      line(kind + outcome.table());
      return;
    }
    line(
        String.format(
                Locale.ROOT,
                "%s%-" + NAME_WIDTH + "s %15s  %10s  %8s",
                kind,
                outcome.table(),
                Texts.count(outcome.rowCount(), "row"),
                Texts.bytes(outcome.sizeBytes()),
                Texts.duration(outcome.duration()))
            + (outcome.message().isEmpty() ? "" : "  " + outcome.message()));
  }

  private void checked(CheckOutcome outcome) {
    if (!outcome.passed()) {
      line((outcome.blocks() ? "  failed   " : "  warning  ") + outcome.message());
    }
  }

  private void line(String text) {
    clearStatus();
    console.err().println(text);
  }

  private void status(boolean isOver) {
    if (!console.isInteractive()) {
      return;
    }
    clearStatus();
    if (isOver || running.isEmpty()) {
      return;
    }
    List<String> building =
        running.stream().map(table -> table + parts.getOrDefault(table, "")).toList();
    String text = "  %d of %d done, building %s".formatted(done, total, Texts.join(building));
    String cut = text.length() > 78 ? text.substring(0, 75) + "..." : text;
    console.err().print("\r" + cut);
    console.err().flush();
    statusWidth = cut.length();
  }

  private void clearStatus() {
    if (statusWidth > 0) {
      console.err().print("\r" + " ".repeat(statusWidth) + "\r");
      statusWidth = 0;
    }
  }
}

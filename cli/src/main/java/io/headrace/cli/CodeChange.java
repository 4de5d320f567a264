package io.headrace.cli;

import io.headrace.plan.Plan.Planned;
import io.headrace.run.RunRequest;
import io.headrace.run.UndecidedException;
import io.headrace.table.TableName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks what becomes of the rows of incremental tables whose code changed. */
final class CodeChange {
  private final Console console;

  CodeChange(Console console) {
    this.console = console;
  }

  /** The request with the answers; empty if nobody is there to answer, or the answer is no. */
  Optional<RunRequest> ask(UndecidedException open, RunRequest request) {
    if (!console.isInteractive()) {
      return Optional.empty();
    }
    Set<TableName> refresh = new TreeSet<>(request.refresh());
    Set<TableName> forward = new TreeSet<>(request.forward());
    for (Planned task : open.tasks()) {
      TableName name = task.node().name();
      long rows = task.rowsOfOtherCode().orElse(0L);
      console
          .err()
          .print(
              "The code of '%s' changed. [r]ebuild its %s, apply [f]orward to new rows only, or [c]ancel? "
                  .formatted(name, Texts.count(rows, "row")));
      console.err().flush();
      switch (console.answer().toLowerCase(Locale.ROOT)) {
        case "r", "rebuild" -> refresh.add(name);
        case "f", "forward" -> forward.add(name);
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(request.with(refresh, forward));
  }
}

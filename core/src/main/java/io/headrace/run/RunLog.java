package io.headrace.run;

import io.headrace.check.CheckOutcome;
import io.headrace.engine.Session.ResultColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happens to a task into a file of its own, {@code RUN/TABLE.log}, and the rows that
 * break a check below what the check said. A log that cannot be written never fails a run.
 */
public final class RunLog implements Consumer<RunEvent> {
  private final Path folder;
  private final Clock clock;
  private String run = "";

  /** Logs into folders below {@code folder}, one for each run. */
  public RunLog(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Started e) {
      run = e.run();
    } else if (event instanceof RunEvent.TaskStarted e) {
      write(e.table().toString(), "building: " + e.reason());
    } else if (event instanceof RunEvent.TaskWaiting e) {
      write(e.table().toString(), "waiting for another process that builds it");
    } else if (event instanceof RunEvent.TaskRetried e) {
      write(e.table().toString(), "attempt %d failed: %s".formatted(e.attempt(), e.message()));
    } else if (event instanceof RunEvent.TaskFinished e) {
      finished(e.outcome());
    } else if (event instanceof RunEvent.NotCompacted e) {
      write(e.table().toString(), "not compacted: " + e.message());
    } else if (event instanceof RunEvent.CheckFinished e && !e.outcome().passed()) {
      checked(e.outcome());
    }
  }

  private void finished(TaskOutcome outcome) {
    if (outcome.kind() == TaskOutcome.Kind.REUSED) {
      return;
    }
    String facts =
        outcome.isGood()
            ? "%d rows, %d bytes, version %s"
                .formatted(
                    outcome.rowCount(), outcome.sizeBytes(), outcome.version().orElse("none"))
            : outcome.message();
    write(
        outcome.table().toString(),
        "%s in %d ms: %s".formatted(outcome.kind(), outcome.duration().toMillis(), facts));
  }

  private void checked(CheckOutcome outcome) {
    StringBuilder text = new StringBuilder(outcome.message());
    outcome
        .sample()
        .ifPresent(
            rows -> {
              text.append('\n');
              text.append(
                  rows.columns().stream()
                      .map(ResultColumn::name)
                      .collect(Collectors.joining("\t")));
              for (List<Object> row : rows.values()) {
                text.append('\n')
                    .append(row.stream().map(RunLog::cell).collect(Collectors.joining("\t")));
              }
            });
    String name =
        outcome
            .check()
            .table()
            .map(Object::toString)
            .orElse(outcome.check().name().replace('/', '.'));
    write(name, text.toString());
  }

  private static String cell(@Nullable Object value) {
    return value == null ? "null" : value.toString().replace("\t", "\\t").replace("\n", "\\n");
  }

  private void write(String name, String text) {
    try {
      Path file = Files.createDirectories(folder.resolve(run)).resolve(name + ".log");
      Files.writeString(
          file,
          "%s  %s%n".formatted(clock.instant(), text),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      // See above.
    }
  }
}

package io.headrace.trigger;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.error.HeadraceException;
import io.headrace.identity.FileGlob;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.WaitFor;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells whether what ticks wait for is there. */
final class Inputs {
  private final Workspace workspace;
  private final Upstreams upstreams;

  Inputs(Workspace workspace, Upstreams upstreams) {
    this.workspace = workspace;
    this.upstreams = upstreams;
  }

  /**
   * Since when something is there that a tick waits for.
   *
   * @return empty if it is not
   */
  Optional<Instant> since(
      WaitFor.Input input, Schedule schedule, Standing standing, Instant tick, Instant now) {
    if (input instanceof WaitFor.File file) {
      return file(file, schedule.at(tick, file.pattern()), now);
    }
    WaitFor.Table table = (WaitFor.Table) input;
    Instant before = standing.last().map(Tick::startedAt).orElse(standing.since());
    Optional<Catalog> catalog =
        table.project().isEmpty()
            ? Optional.of(workspace.catalog())
            : upstreams.catalog(table.project().get());
    String self = table.project().isEmpty() ? Outlook.author(schedule) : "";
    return catalog.flatMap(
        found -> table(found, table, self, table.newerThan().map(tick::minus).orElse(before)));
  }

  private static Optional<Instant> table(
      Catalog catalog, WaitFor.Table wanted, String self, Instant after) {
    String environment = wanted.environment();
    TableName table = TableName.parse(wanted.table());
    if (catalog.environments().find(environment).isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> looked =
        catalog.runs().lastLook(environment, table, self).filter(after::isBefore);
    // Promotions and rollbacks are no runs, and a run may die between its commit and its end.
    long commit = catalog.environments().commitAt(environment, after).map(Commit::id).orElse(0L);
    Optional<Instant> moved =
        catalog.environments().moves(environment, commit, self).stream()
            .filter(move -> move.table().equals(table))
            .map(move -> move.last())
            .findFirst();
    Optional<Instant> last =
        looked.isPresent() && moved.filter(looked.get()::isBefore).isEmpty() ? looked : moved;
    return last.filter(at -> catalog.environments().head(environment).version(table).isPresent());
  }

  private Optional<Instant> file(WaitFor.File wanted, String pattern, Instant now) {
    List<Path> files = FileGlob.find(workspace.home(), pattern);
    Instant last = Instant.MIN;
    try {
      for (Path file : files) {
        Instant changed = Files.getLastModifiedTime(file).toInstant().plus(wanted.settle());
        last = changed.isAfter(last) ? changed : last;
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot look at '%s': %s".formatted(pattern, e.getMessage()),
          "Check that the server may read it",
          e);
    }
    // Clocks of other machines may be ahead: that a file is there does not depend on its time.
    boolean isSettled = wanted.settle().isZero() || !last.isAfter(now);
    return files.isEmpty() || !isSettled
        ? Optional.empty()
        : Optional.of(last.isAfter(now) ? now : last);
  }
}

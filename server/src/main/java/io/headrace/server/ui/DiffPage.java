package io.headrace.server.ui;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.diff.Differ;
import io.headrace.diff.Differ.TableDiff;
import io.headrace.engine.Cancellation;
import io.headrace.error.UsageException;
import io.headrace.query.Snapshots;
import io.headrace.server.runs.ReadLimit;
import io.headrace.server.text.Figures;
import io.headrace.server.ui.Frame.Crumb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What differs between two commits or environments. */
public final class DiffPage {
  private static final int MOST_ROWS = 100;
  private static final int MOST_TABLES = 500;

  private final ReadLimit reading;

  DiffPage(ReadLimit reading) {
    this.reading = reading;
  }

  /**
   * What the page shows.
   *
   * @param rowsOf the table whose rows are shown, or empty
   */
  public record Diff(
      String left,
      String right,
      boolean isAsked,
      List<Line> tables,
      int more,
      String rowsOf,
      Optional<Cells> rows) {}

  /**
   * A table that differs.
   *
   * @param columns how its columns differ, in words
   * @param rows where its rows are compared, or empty
   */
  public record Line(
      String table, String kind, String left, String right, List<String> columns, String rows) {}

  void show(Visit visit) {
    String left = visit.parameter("a").orElse("");
    String right = visit.parameter("b").orElse("");
    boolean isAsked = !left.isEmpty() && !right.isEmpty();
    Optional<Sides> sides = isAsked ? Optional.of(Sides.of(visit, left, right)) : Optional.empty();
    List<TableDiff> differences = sides.map(s -> s.tables(visit)).orElse(List.of());
    Differ differ = new Differ(visit.workspace());
    List<Line> lines = new ArrayList<>();
    for (TableDiff difference : differences.subList(0, Math.min(MOST_TABLES, differences.size()))) {
      boolean isWhole = sides.filter(s -> s.isWhole(visit, difference)).isPresent();
      lines.add(line(visit, differ, difference, isWhole, left, right));
    }
    Optional<TableDiff> chosen =
        chosen(visit, differences)
            .filter(one -> sides.filter(s -> s.isWhole(visit, one)).isPresent());
    visit.render(
        "diff",
        visit.frame(
            "environments",
            "Differences",
            visit.crumbs(
                new Crumb("Environments", Links.project(visit.project()) + "/environments"),
                new Crumb(isAsked ? "%s and %s".formatted(left, right) : "Differences", "")),
            isAsked ? "headrace diff %s %s".formatted(left, right) : ""),
        new Diff(
            left,
            right,
            isAsked,
            lines,
            differences.size() - lines.size(),
            chosen.map(difference -> difference.table().toString()).orElse(""),
            chosen.map(difference -> rows(differ, difference))));
  }

  /** What is compared, as far as it is seen. */
  private record Sides(Snapshot left, Snapshot right) {
    static Sides of(Visit visit, String left, String right) {
      Snapshots snapshots = new Snapshots(visit.catalog().environments(), visit.zone());
      return new Sides(find(snapshots, left), find(snapshots, right));
    }

    private static Snapshot find(Snapshots snapshots, String text) {
      return snapshots
          .find(text)
          .orElseThrow(
              () ->
                  new UsageException(
                      "Cannot compare '%s': no environment or commit has that name".formatted(text),
                      "Give the name of an environment, or the number of a commit"));
    }

    List<TableDiff> tables(Visit visit) {
      return new Differ(visit.workspace()).tables(left, right);
    }

    /** Whether all rows of a table are seen on both sides. */
    boolean isWhole(Visit visit, TableDiff difference) {
      return Stream.of(left, right)
          .allMatch(side -> visit.sight().veil(side.environment(), difference.table()).isEmpty());
    }
  }

  private static Line line(
      Visit visit,
      Differ differ,
      TableDiff difference,
      boolean isWhole,
      String left,
      String right) {
    boolean both = difference.left().isPresent() && difference.right().isPresent();
    return new Line(
        difference.table().toString(),
        difference.kind(),
        count(difference.left()),
        count(difference.right()),
        both ? differ.columns(difference.left().get(), difference.right().get()) : List.of(),
        both && isWhole
            ? Links.with(
                Links.diff(visit.project(), left, right), "table", difference.table().toString())
            : "");
  }

  private static String count(Optional<Version> version) {
    return version.map(v -> Figures.number(v.rowCount())).orElse("");
  }

  /** The table that is asked for, or the only one, if both sides have it. */
  private static Optional<TableDiff> chosen(Visit visit, List<TableDiff> differences) {
    Optional<String> table = visit.parameter("table");
    return differences.stream()
        .filter(
            difference ->
                table.map(difference.table().toString()::equals).orElse(differences.size() == 1))
        .filter(difference -> difference.left().isPresent() && difference.right().isPresent())
        .findFirst();
  }

  private Cells rows(Differ differ, TableDiff difference) {
    Cancellation cancel = new Cancellation();
    try (Cancellation.Registration alarm = reading.start(cancel)) {
      return Cells.of(
          differ.rows(
              difference.left().orElseThrow(),
              difference.right().orElseThrow(),
              List.of(),
              MOST_ROWS,
              cancel));
    }
  }
}

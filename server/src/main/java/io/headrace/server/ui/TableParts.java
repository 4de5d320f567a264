package io.headrace.server.ui;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Snapshot;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.engine.Session.ColumnReference;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Graph;
import io.headrace.lineage.Lineage;
import io.headrace.plan.Plan.Action;
import io.headrace.plan.Plan.Planned;
import io.headrace.plan.Schemas;
import io.headrace.project.Project;
import io.headrace.query.Distribution;
import io.headrace.query.Profile;
import io.headrace.query.Profile.ColumnProfile;
import io.headrace.query.Reader;
import io.headrace.run.RunRequest;
import io.headrace.run.Runner;
import io.headrace.server.runs.ReadLimit;
import io.headrace.server.text.Figures;
import io.headrace.sql.SqlNames;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** The parts of a table's page that need the engine, each asked for when somebody looks at it. */
public final class TableParts {
  private static final int SAMPLE = 20;
  private static final int MOST_SHAPES = 40;

  /** Tables with more rows are described, but not drawn. */
  private static final long MOST_ROWS = 50_000_000;

  private static final int MOST_KEPT = 100;

  private final ReadLimit reading;

  /** Profiles by version: neither changes. */
  private final Map<String, ProfilePart> profiles =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, ProfilePart> eldest) {
              return size() > MOST_KEPT;
            }
          });

  TableParts(ReadLimit reading) {
    this.reading = reading;
  }

  /** What the columns hold. */
  public record ProfilePart(List<ColumnLine> columns, String note) {}

  /**
   * A column.
   *
   * @param nulls the share of nulls in words, or empty if there are none
   * @param nullWidth that share, of 100
   */
  public record ColumnLine(
      String name,
      String type,
      String nulls,
      int nullWidth,
      String distinct,
      String least,
      String greatest,
      List<Bar> ranges,
      List<Bar> values) {}

  /**
   * A bar of a drawing.
   *
   * @param size of {@code 100}, at least 1 if there is any row
   * @param at its place among the others
   */
  public record Bar(String label, String rows, int size, int at) {}

  /** What columns are computed from. */
  public record LineagePart(List<ColumnFrom> columns) {}

  /** A column with what it comes from. */
  public record ColumnFrom(String name, List<TablePage.Link> from) {}

  /** Why the table would be built. */
  public record WhyPart(
      String verdict,
      String reason,
      List<String> because,
      List<Input> inputs,
      String fingerprint) {}

  /** What the version is a function of. */
  public record Input(String kind, String name, String identity) {}

  void profile(Visit visit) {
    Snapshot snapshot = visit.head();
    TableName table = visit.table(snapshot);
    String id = snapshot.version(table).orElseThrow(() -> notPublished(table, snapshot));
    // What is left of a version differs from one to another.
    String key = id + visit.sight().veil(snapshot.environment(), table);
    ProfilePart part = profiles.get(key);
    if (part == null) {
      Cancellation cancel = new Cancellation();
      try (Cancellation.Registration alarm = reading.start(cancel);
          Reader reader = visit.sight().reader(snapshot)) {
        part = profile(reader, table, cancel);
      }
      profiles.put(key, part);
    }
    visit.renderPart("part_profile", part);
  }

  private static HeadraceException notPublished(TableName table, Snapshot snapshot) {
    return new HeadraceException(
        "'%s' is not in '%s' yet".formatted(table, snapshot.environment()),
        "Run `headrace run` to build it");
  }

  private static ProfilePart profile(Reader reader, TableName table, Cancellation cancel) {
    long rows = reader.version(table).rowCount();
    List<ColumnLine> lines = new ArrayList<>();
    for (ColumnProfile column : Profile.of(reader, table, cancel)) {
      boolean isHidden = reader.veil(table).hides(column.name());
      boolean isDrawn = !isHidden && rows <= MOST_ROWS && lines.size() < MOST_SHAPES;
      Optional<Distribution> shape =
          isDrawn ? Distribution.of(reader, table, column, cancel) : Optional.empty();
      List<Bar> bars = shape.map(TableParts::bars).orElse(List.of());
      boolean isRange = shape.filter(Distribution::isRange).isPresent();
      double share = rows == 0 ? 0 : Math.min(1, (double) column.nulls() / rows);
      lines.add(
          new ColumnLine(
              column.name(),
              column.type(),
              column.nulls() == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", share * 100),
              (int) Math.ceil(share * 100),
              column.distinct() == 0 ? "" : Figures.number(column.distinct()),
              column.least(),
              column.greatest(),
              isRange ? bars : List.of(),
              isRange ? List.of() : bars));
    }
    return new ProfilePart(lines, note(rows, lines.size()));
  }

  private static String note(long rows, int columns) {
    if (rows > MOST_ROWS) {
      return "The table has more than %s, so that no values are counted"
          .formatted(Figures.count(MOST_ROWS, "row"));
    }
    return columns > MOST_SHAPES
        ? "The values of the first %s are counted".formatted(Figures.count(MOST_SHAPES, "column"))
        : "";
  }

  private static List<Bar> bars(Distribution shape) {
    long most = shape.bars().stream().mapToLong(Distribution.Bar::rows).max().orElse(1);
    List<Bar> bars = new ArrayList<>();
    for (Distribution.Bar bar : shape.bars()) {
      int size = (int) Math.ceil(100.0 * bar.rows() / most);
      bars.add(new Bar(bar.label(), Figures.count(bar.rows(), "row"), size, bars.size()));
    }
    return bars;
  }

  void sample(Visit visit) {
    Snapshot snapshot = visit.head();
    TableName table = visit.table(snapshot);
    Cancellation cancel = new Cancellation();
    try (Cancellation.Registration alarm = reading.start(cancel);
        Reader reader = visit.sight().reader(snapshot)) {
      String sql = "SELECT * FROM " + SqlNames.quote(table);
      visit.renderPart("part_rows", Cells.of(reader.query(sql, SAMPLE, cancel)));
    }
  }

  void lineage(Visit visit) {
    TableName table = visit.table(visit.head());
    Graph graph = requireGraph(visit);
    List<ColumnFrom> columns = new ArrayList<>();
    try (Schemas schemas = new Schemas(visit.workspace(), graph)) {
      new Lineage(visit.workspace(), graph, schemas)
          .columns(table)
          .forEach((column, from) -> columns.add(new ColumnFrom(column, links(visit, from))));
    }
    visit.renderPart("part_lineage", new LineagePart(columns));
  }

  private static List<TablePage.Link> links(Visit visit, Set<ColumnReference> from) {
    return from.stream()
        .map(
            column ->
                new TablePage.Link(
                    column.table() + "." + column.column(),
                    visit.tableUrl(TableName.parse(column.table()))))
        .toList();
  }

  private static Graph requireGraph(Visit visit) {
    return visit
        .graph()
        .orElseThrow(
            () ->
                new HeadraceException(
                    "The project's files cannot be read", "See its first page for what is wrong"));
  }

  void why(Visit visit) {
    Snapshot snapshot = visit.head();
    TableName table = visit.table(snapshot);
    Graph graph = requireGraph(visit);
    Project project = visit.read().project().orElseThrow();
    Set<TableName> selected = graph.upstream(List.of(table));
    RunRequest request =
        new RunRequest(
            snapshot.environment(),
            selected,
            Set.of(),
            Set.of(),
            1,
            RunRequest.PublishMode.ALL,
            "",
            "",
            Optional.empty(),
            Optional.empty(),
            false);
    List<Planned> tasks =
        new Runner(visit.workspace(), project, graph, new SplittableRandom(0), Pause.REAL)
            .plan(request)
            .tasks();
    Planned task =
        tasks.stream().filter(t -> t.node().name().equals(table)).findFirst().orElseThrow();
    List<String> because =
        tasks.stream()
            .filter(other -> task.node().inputs().contains(other.node().name()))
            .filter(other -> other.action() == Action.BUILD)
            .map(
                other ->
                    "reads %s, which would be built: %s"
                        .formatted(other.node().name(), other.reason()))
            .toList();
    Optional<Recipe> recipe = task.resolved().map(resolved -> resolved.recipe());
    List<Input> inputs = new ArrayList<>();
    recipe.ifPresent(known -> addInputs(task, known, inputs));
    visit.renderPart(
        "part_why",
        new WhyPart(
            task.action() == Action.BUILD ? "built" : "reused",
            task.reason(),
            because,
            inputs,
            task.resolved().map(resolved -> resolved.fingerprint()).orElse("")));
  }

  private static void addInputs(Planned task, Recipe recipe, List<Input> inputs) {
    inputs.add(new Input("code", task.node().task().file(), Figures.shortId(recipe.code())));
    inputs.add(new Input("configuration", "", Figures.shortId(recipe.configuration())));
    recipe.parameters().forEach(parameter -> inputs.add(new Input("parameter", parameter, "")));
    for (Recipe.Input input : recipe.inputs()) {
      inputs.add(
          new Input(
              input.kind().name().toLowerCase(Locale.ROOT),
              input.name(),
              Figures.shortId(input.identity())));
    }
  }
}

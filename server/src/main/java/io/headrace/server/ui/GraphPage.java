package io.headrace.server.ui;

import io.headrace.catalog.Snapshot;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.server.text.Figures;
import io.headrace.server.ui.Frame.Crumb;
import io.headrace.server.ui.drawing.Drawing;
import io.headrace.server.ui.drawing.Layouts;
import io.headrace.server.ui.drawing.Shape;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The graph of a project as a drawing. Of a large project it shows the tables around one, or the
 * folders as boxes: nobody reads ten thousand boxes, and no layout of them is quick.
 */
public final class GraphPage {
  /** A graph of so many tables is drawn whole. */
  private static final int MOST_BOXES = 150;

  private static final int STEPS = 2;
  private static final int MOST_STEPS = 9;
  private static final int HEIGHT = 38;
  private static final int LETTER = 8;
  private static final int NARROWEST = 110;
  private static final int WIDEST = 300;
  private static final String NO_FOLDER = "(no folder)";

  private final Layouts layouts = new Layouts();

  GraphPage() {
    layouts.prepare();
  }

  /**
   * What the page shows.
   *
   * @param selected the table that is looked at, or empty
   * @param note what part of the graph this is, or empty if it is all of it
   */
  public record Picture(
      int width,
      int height,
      List<Box> boxes,
      List<Line> lines,
      String selected,
      String note,
      String fewer,
      String more,
      List<Legend> legend) {}

  /** A box of the drawing. */
  public record Box(
      String name,
      String label,
      String detail,
      String url,
      String style,
      String title,
      int x,
      int y,
      int width,
      int height) {}

  /** A line of the drawing. */
  public record Line(String from, String to, String path) {}

  /** What a colour means. */
  public record Legend(String style, String text, String meaning) {}

  void show(Visit visit) {
    Graph graph =
        visit
            .graph()
            .orElseThrow(
                () ->
                    new HeadraceException(
                        "Cannot draw the graph: the project's files cannot be read",
                        "See the project's first page for what is wrong"));
    Optional<TableName> selected =
        visit.parameter("table").map(text -> Visit.require("table", text, graph.nodes().keySet()));
    int all = graph.nodes().size();
    Picture picture =
        all <= MOST_BOXES
            ? tables(visit, graph, graph.nodes().keySet(), selected, "")
            : selected.isPresent() ? around(visit, graph, selected.get()) : folders(visit, graph);
    visit.render(
        "graph",
        visit.frameWithChoice(
            "graph",
            selected.map(table -> "Graph around " + table).orElse("Graph"),
            visit.crumbs(new Crumb("Graph", "")),
            selected.map(table -> "headrace lineage " + table).orElse("")),
        picture);
  }

  private Picture around(Visit visit, Graph graph, TableName table) {
    int steps = Math.max(1, Math.min(visit.number("steps", STEPS), MOST_STEPS));
    Set<TableName> near = new LinkedHashSet<>(List.of(table));
    Set<TableName> up = new LinkedHashSet<>(near);
    Set<TableName> down = new LinkedHashSet<>(near);
    boolean isCut = false;
    for (int i = 0; i < steps; i++) {
      up = next(up, name -> graph.find(name).map(Node::inputs).map(List::copyOf).orElse(List.of()));
      down = next(down, graph::dependants);
      isCut |= !fill(near, up);
      isCut |= !fill(near, down);
    }
    String note =
        "%s in %d steps around %s, of %s%s"
            .formatted(
                Figures.count(near.size(), "table"),
                steps,
                table,
                Figures.number(graph.nodes().size()),
                isCut ? "; more would not fit, so that some are missing" : "");
    Picture picture = tables(visit, graph, near, Optional.of(table), note);
    String url =
        Links.with(
            Links.in(Links.project(visit.project()) + "/graph", visit.environment()),
            "table",
            table.toString());
    return new Picture(
        picture.width(),
        picture.height(),
        picture.boxes(),
        picture.lines(),
        picture.selected(),
        note,
        steps > 1 ? Links.with(url, "steps", String.valueOf(steps - 1)) : "",
        steps < MOST_STEPS && !isCut ? Links.with(url, "steps", String.valueOf(steps + 1)) : "",
        picture.legend());
  }

  /** The neighbours of some tables on one side. */
  private interface Neighbours {
    Collection<TableName> of(TableName table);
  }

  private static Set<TableName> next(Set<TableName> tables, Neighbours neighbours) {
    Set<TableName> next = new LinkedHashSet<>();
    tables.forEach(table -> next.addAll(neighbours.of(table)));
    return next;
  }

  /** Whether all of them had room. */
  private static boolean fill(Set<TableName> near, Set<TableName> more) {
    for (TableName table : more) {
      if (near.size() >= MOST_BOXES && !near.contains(table)) {
        return false;
      }
      near.add(table);
    }
    return true;
  }

  private Picture tables(
      Visit visit,
      Graph graph,
      Collection<TableName> tables,
      Optional<TableName> selected,
      String note) {
    Snapshot snapshot = visit.head();
    Map<TableName, TableState> states = new LinkedHashMap<>();
    // By name, so that the same tables are always drawn alike.
    List<TableName> sorted = tables.stream().sorted().toList();
    new TableStates(visit.catalog(), Optional.of(graph), snapshot)
        .of(sorted)
        .forEach(state -> states.put(state.name(), state));
    List<Shape.Box> boxes = new ArrayList<>();
    List<Shape.Line> lines = new ArrayList<>();
    for (TableName table : sorted) {
      boxes.add(new Shape.Box(table.toString(), width(table.toString()), HEIGHT));
      for (TableName input : graph.find(table).orElseThrow().inputs()) {
        if (states.containsKey(input)) {
          lines.add(new Shape.Line(input.toString(), table.toString()));
        }
      }
    }
    Map<String, Label> labels = new LinkedHashMap<>();
    states.forEach((table, state) -> labels.put(table.toString(), label(visit, state)));
    return picture(
        new Shape(boxes, lines), labels, selected.map(TableName::toString).orElse(""), note);
  }

  /** What a box says. */
  private record Label(String detail, String url, String style, String title) {}

  private static Label label(Visit visit, TableState state) {
    String rows = state.version().map(v -> Figures.count(v.rowCount(), "row")).orElse("");
    String detail =
        state.kind() == TableState.Kind.GOOD
            ? rows
            : rows.isEmpty() ? state.kind().text() : state.kind().text() + ", " + rows;
    return new Label(
        detail,
        visit.tableUrl(state.name()),
        state.kind().style(),
        state.name() + ": " + state.kind().meaning());
  }

  private Picture folders(Visit visit, Graph graph) {
    Map<String, Integer> sizes = new TreeMap<>();
    Set<Shape.Line> lines = new LinkedHashSet<>();
    for (Node node : graph.nodes().values()) {
      sizes.merge(folder(node.name()), 1, Integer::sum);
      for (TableName input : node.inputs()) {
        if (!folder(input).equals(folder(node.name()))) {
          lines.add(new Shape.Line(folder(input), folder(node.name())));
        }
      }
    }
    Map<String, Label> labels = new LinkedHashMap<>();
    List<Shape.Box> boxes = new ArrayList<>();
    String home = Links.in(Links.project(visit.project()), visit.environment());
    sizes.entrySet().stream()
        .limit(MOST_BOXES)
        .forEach(
            entry -> {
              String folder = entry.getKey();
              String detail = Figures.count(entry.getValue(), "table");
              String filter =
                  folder.equals(NO_FOLDER) ? home : Links.with(home, "filter", folder + ".");
              boxes.add(new Shape.Box(folder, width(folder), HEIGHT));
              labels.put(folder, new Label(detail, filter, "s-folder", "The folder " + folder));
            });
    lines.removeIf(line -> !labels.containsKey(line.from()) || !labels.containsKey(line.to()));
    String note =
        "%s in %s: too many to draw. These are %s. Choose a table to see what is around it"
            .formatted(
                Figures.count(graph.nodes().size(), "table"),
                Figures.count(sizes.size(), "folder"),
                boxes.size() < sizes.size() ? "some of the folders" : "the folders");
    return picture(new Shape(boxes, List.copyOf(lines)), labels, "", note);
  }

  private static String folder(TableName table) {
    return table.schema().isEmpty() ? NO_FOLDER : table.schema();
  }

  private Picture picture(Shape shape, Map<String, Label> labels, String selected, String note) {
    Drawing drawing = layouts.of(shape);
    List<Box> boxes = new ArrayList<>();
    for (Shape.Box box : shape.boxes()) {
      Drawing.Place place = Optional.ofNullable(drawing.boxes().get(box.name())).orElseThrow();
      Label label = Optional.ofNullable(labels.get(box.name())).orElseThrow();
      boxes.add(
          new Box(
              box.name(),
              cut(box.name()),
              label.detail(),
              label.url(),
              label.style(),
              label.title(),
              place.x(),
              place.y(),
              box.width(),
              box.height()));
    }
    List<Line> lines =
        drawing.lines().stream()
            .map(path -> new Line(path.line().from(), path.line().to(), path.path()))
            .toList();
    List<Legend> legend =
        Arrays.stream(TableState.Kind.values())
            .filter(kind -> boxes.stream().anyMatch(box -> box.style().equals(kind.style())))
            .map(kind -> new Legend(kind.style(), kind.text(), kind.meaning()))
            .toList();
    return new Picture(
        drawing.width(), drawing.height(), boxes, lines, selected, note, "", "", legend);
  }

  private static int width(String label) {
    return Math.max(NARROWEST, Math.min(WIDEST, label.length() * LETTER + 26));
  }

  private static String cut(String name) {
    int most = (WIDEST - 26) / LETTER;
    return name.length() <= most ? name : name.substring(0, most - 1) + "…";
  }
}

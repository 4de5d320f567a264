package io.headrace.server.ui.drawing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * Lays shapes out in layers from left to right, each box behind those that lead to it, and lines at
 * right angles. The same shape always gets the same drawing; some are remembered. Safe for many
 * threads, of which one computes at a time.
 */
public final class Layouts {
  private static final int MOST_KEPT = 64;

  static {
    // Only says how values of options are copied; the service itself would look for all algorithms.
    LayoutMetaDataService.initElkReflect();
  }

  private final Map<Shape, Drawing> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Drawing> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /** Loads what layouts need beside whatever else goes on, since the first one takes longest. */
  public void prepare() {
    Shape.Box box = new Shape.Box("a", 1, 1);
    Shape.Box other = new Shape.Box("b", 1, 1);
    Shape shape = new Shape(List.of(box, other), List.of(new Shape.Line("a", "b")));
    Thread thread = new Thread(() -> of(shape), "headrace-layouts");
    thread.setDaemon(true);
    thread.start();
  }

  public synchronized Drawing of(Shape shape) {
    Drawing drawing = known.get(shape);
    if (drawing == null) {
      drawing = compute(shape);
      known.put(shape, drawing);
    }
    return drawing;
  }

  private static Drawing compute(Shape shape) {
    ElkNode root = ElkGraphUtil.createGraph();
    root.setProperty(LayeredOptions.DIRECTION, Direction.RIGHT);
    root.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
    root.setProperty(LayeredOptions.RANDOM_SEED, 1);
    root.setProperty(LayeredOptions.PADDING, new ElkPadding(12));
    root.setProperty(LayeredOptions.SPACING_NODE_NODE, 14.0);
    root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 44.0);
    root.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 14.0);
    root.setProperty(LayeredOptions.SPACING_EDGE_EDGE_BETWEEN_LAYERS, 8.0);
    Map<String, ElkNode> nodes = new HashMap<>();
    for (Shape.Box box : shape.boxes()) {
      ElkNode node = ElkGraphUtil.createNode(root);
      node.setDimensions(box.width(), box.height());
      nodes.put(box.name(), node);
    }
    List<ElkEdge> edges = new ArrayList<>();
    for (Shape.Line line : shape.lines()) {
      edges.add(ElkGraphUtil.createSimpleEdge(nodes.get(line.from()), nodes.get(line.to())));
    }
    new LayeredLayoutProvider().layout(root, new BasicProgressMonitor());
    Map<String, Drawing.Place> places = new HashMap<>();
    nodes.forEach(
        (name, node) ->
            places.put(name, new Drawing.Place(round(node.getX()), round(node.getY()))));
    List<Drawing.Path> paths = new ArrayList<>();
    for (int i = 0; i < edges.size(); i++) {
      paths.add(new Drawing.Path(shape.lines().get(i), path(edges.get(i))));
    }
    return new Drawing(round(root.getWidth()), round(root.getHeight()), places, paths);
  }

  private static String path(ElkEdge edge) {
    StringBuilder path = new StringBuilder();
    for (ElkEdgeSection section : edge.getSections()) {
      path.append('M').append(round(section.getStartX())).append(' ');
      path.append(round(section.getStartY()));
      for (ElkBendPoint bend : section.getBendPoints()) {
        path.append('L').append(round(bend.getX())).append(' ').append(round(bend.getY()));
      }
      path.append('L').append(round(section.getEndX())).append(' ');
      path.append(round(section.getEndY()));
    }
    return path.toString();
  }

  private static int round(double place) {
    return (int) Math.round(place);
  }
}

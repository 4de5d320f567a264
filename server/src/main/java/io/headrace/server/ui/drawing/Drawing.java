package io.headrace.server.ui.drawing;

import java.util.List;
import java.util.Map;

/**
 * A shape with its places, from (0, 0) in the upper left corner.
 *
 * @param boxes the place of each box by its name
 */
public record Drawing(int width, int height, Map<String, Place> boxes, List<Path> lines) {
  public Drawing {
    boxes = Map.copyOf(boxes);
    lines = List.copyOf(lines);
  }

  /** Where a box is, by its upper left corner. */
  public record Place(int x, int y) {}

  /**
   * Where a line goes.
   *
   * @param path as SVG has it
   */
  public record Path(Shape.Line line, String path) {}
}

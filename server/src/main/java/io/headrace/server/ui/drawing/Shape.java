package io.headrace.server.ui.drawing;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be drawn.
 *
 * @param boxes each with a name of its own
 * @param lines between them
 */
public record Shape(List<Box> boxes, List<Line> lines) {
  public Shape {
    boxes = List.copyOf(boxes);
    lines = List.copyOf(lines);
    Set<String> names = boxes.stream().map(Box::name).collect(Collectors.toSet());
    for (Line line : lines) {
      if (!names.contains(line.from()) || !names.contains(line.to())) {
        throw new IllegalArgumentException("A line from or to nowhere: " + line);
      }
    }
  }

  /** A box of a size. */
  public record Box(String name, int width, int height) {}

  /** A line from one box to another. */
  public record Line(String from, String to) {}
}

package io.headrace.server.ui.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayoutsTest {
  private static final int WIDTH = 100;
  private static final int HEIGHT = 30;

  private static Shape random(int boxes) {
    Random random = new Random(boxes);
    List<Shape.Box> all = new ArrayList<>();
    Set<Shape.Line> lines = new HashSet<>();
    for (int i = 0; i < boxes; i++) {
      all.add(new Shape.Box("b" + i, WIDTH, HEIGHT));
      for (int k = 0; k < Math.min(i, 2); k++) {
        lines.add(new Shape.Line("b" + random.nextInt(i), "b" + i));
      }
    }
    return new Shape(all, List.copyOf(lines));
  }

  private static Drawing.Place place(Drawing drawing, String name) {
    return Optional.ofNullable(drawing.boxes().get(name)).orElseThrow();
  }

  @Test
  void linesLeadToTheRightAndNoBoxLiesOnAnother() {
    Shape shape = random(60);
    Drawing drawing = new Layouts().of(shape);
    for (Shape.Line line : shape.lines()) {
      assertThat(place(drawing, line.to()).x())
          .isGreaterThan(place(drawing, line.from()).x() + WIDTH);
    }
    List<Drawing.Place> places = List.copyOf(drawing.boxes().values());
    for (int i = 0; i < places.size(); i++) {
      Drawing.Place a = places.get(i);
      assertThat(a.x()).isBetween(0, drawing.width() - WIDTH);
      assertThat(a.y()).isBetween(0, drawing.height() - HEIGHT);
      for (Drawing.Place b : places.subList(i + 1, places.size())) {
        boolean isApart = Math.abs(a.x() - b.x()) >= WIDTH || Math.abs(a.y() - b.y()) >= HEIGHT;
        assertThat(isApart).as("%s and %s", a, b).isTrue();
      }
    }
  }

  @Test
  void theSameShapeGetsTheSameDrawing() {
    Layouts layouts = new Layouts();
    assertThat(layouts.of(random(40))).isSameAs(layouts.of(random(40)));
    assertThat(new Layouts().of(random(40))).isEqualTo(layouts.of(random(40)));
  }

  @Test
  void aShapeOfNothingIsDrawn() {
    assertThat(new Layouts().of(new Shape(List.of(), List.of())).boxes()).isEmpty();
  }

  @Test
  void aLineFromNowhereIsRefused() {
    Shape.Box box = new Shape.Box("a", 1, 1);
    assertThatThrownBy(() -> new Shape(List.of(box), List.of(new Shape.Line("a", "b"))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

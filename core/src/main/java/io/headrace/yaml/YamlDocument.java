package io.headrace.yaml;

import io.headrace.error.Location;
import io.headrace.error.Problems;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** A YAML text in a file of the project. */
public final class YamlDocument {
  private YamlDocument() {}

  /**
   * Parses {@code text}, or reports why it is not YAML.
   *
   * @param firstLine the line of the file on which the text starts, from 1
   * @return its root, or empty if there is nothing in it or it is not YAML
   */
  public static Optional<YamlValue> parse(
      String file, String text, int firstLine, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(false).build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      return root.map(node -> new YamlValue(new Origin(file, firstLine - 1, problems), node));
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      int line = firstLine + mark.map(Mark::getLine).orElse(0);
      int column = 1 + mark.map(Mark::getColumn).orElse(0);
      problems.add(
          new Location(file, line, column),
          "Cannot read YAML: " + e.getProblem(),
          "Check indentation, quotes and brackets here and on the line before");
    } catch (YamlEngineException e) {
      problems.add(
          new Location(file, firstLine, 1),
          "Cannot read YAML: " + e.getMessage(),
          "One file holds one YAML document");
    }
    return Optional.empty();
  }

  /** Where a text comes from, and where its mistakes go. */
  record Origin(String file, int linesBefore, Problems problems) {
    Location at(Node node) {
      return node.getStartMark()
          .map(mark -> new Location(file, linesBefore + mark.getLine() + 1, mark.getColumn() + 1))
          .orElse(new Location(file, linesBefore + 1, 1));
    }
  }
}

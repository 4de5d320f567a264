package io.headrace.plan;

import io.headrace.graph.Node;
import io.headrace.identity.FileGlob;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.project.Task;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Notices files that became others while a task read them. */
public final class TornReads {
  private TornReads() {}

  /**
   * What happened to the files of a node since they were identified, in words; empty if nothing
   * did.
   *
   * @param root the project's folder
   * @param files those that were identified before the node's query ran
   */
  public static Optional<String> find(Path root, Node node, List<Identified> files) {
    Set<Path> identified = new HashSet<>();
    for (Identified file : files) {
      identified.add(file.file());
      if (!file.isUnchanged()) {
        return Optional.of("'%s' changed while it was read".formatted(file.file()));
      }
    }
    if (!(node.task().body() instanceof Task.Sql)) {
      return Optional.empty();
    }
    // The engine has looked for itself which files a pattern matches.
    return node.globs().stream()
        .flatMap(glob -> FileGlob.find(root, glob).stream())
        .filter(file -> !identified.contains(file))
        .findFirst()
        .map(file -> "'%s' appeared while its folder was read".formatted(file));
  }
}

package io.headrace.server.ui;

import io.headrace.error.HeadraceException;
import io.headrace.error.Problem;
import io.headrace.error.ProjectException;
import io.headrace.graph.Graph;
import io.headrace.identity.Hash;
import io.headrace.project.Project;
import io.headrace.project.ProjectReader;
import io.headrace.server.access.Sight;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a project say now. Reads them again only if one of them changed, as their sizes
 * and times tell. Safe for many threads.
 */
final class ProjectFiles {
  private static final List<String> FOLDERS = List.of("tables", "checks", "tests", "exports");

  private final Workspace workspace;
  private String stamp = "";
  private @Nullable Reading last;

  ProjectFiles(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * What was read.
   *
   * @param graph empty if there are problems
   * @param problems why it cannot be run, if so; those of the files have a place
   * @param message what is wrong with it otherwise, or empty
   * @param hint what to do about that, or empty
   */
  record Reading(
      Optional<Project> project,
      Optional<Graph> graph,
      List<Problem> problems,
      String message,
      String hint) {

    private static Reading of(Optional<Project> project, HeadraceException e) {
      return e instanceof ProjectException wrong
          ? new Reading(project, Optional.empty(), wrong.problems(), "", "")
          : new Reading(
              project, Optional.empty(), List.of(), String.valueOf(e.getMessage()), e.hint());
    }

    /** What is left of it for somebody, who looks at an environment. */
    Reading narrow(Sight sight, String environment) {
      if (sight.seesAllRows(environment)) {
        return this;
      }
      boolean isToldAll = sight.seesAllTables(environment);
      return new Reading(
          project,
          graph.map(all -> sight.narrow(all, environment)),
          isToldAll ? problems : List.of(),
          isToldAll || isGood() ? message : "The project's files cannot be read",
          isToldAll ? hint : "");
    }

    boolean isGood() {
      return graph.isPresent();
    }
  }

  synchronized Reading read() {
    String now = stamp();
    Reading known = last;
    if (known != null && now.equals(stamp)) {
      return known;
    }
    Reading read = readAgain();
    last = read;
    stamp = now;
    return read;
  }

  private Reading readAgain() {
    Optional<Project> project = Optional.empty();
    try {
      Project read = workspace.readProject();
      project = Optional.of(read);
      Graph graph = workspace.buildGraph(read, Map.of());
      return new Reading(project, Optional.of(graph), List.of(), "", "");
    } catch (HeadraceException e) {
      return Reading.of(project, e);
    }
  }

  /** Changes when a file does. */
  private String stamp() {
    Hash hash = Hash.of("files");
    try {
      for (String folder : FOLDERS) {
        Path path = workspace.root().resolve(folder);
        if (Files.isDirectory(path)) {
          Files.walkFileTree(path, new Stamping(hash));
        }
      }
      Path settings = workspace.root().resolve(ProjectReader.SETTINGS);
      if (Files.exists(settings)) {
        add(hash, settings, Files.readAttributes(settings, BasicFileAttributes.class));
      }
      return hash.text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Hash hash, Path file, BasicFileAttributes attributes) {
    hash.add(file.toString())
        .add(attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
  }

  private static final class Stamping extends SimpleFileVisitor<Path> {
    private final Hash hash;

    Stamping(Hash hash) {
      this.hash = hash;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      add(hash, file, attributes);
      return FileVisitResult.CONTINUE;
    }

    /** It went away meanwhile, which the next look finds. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}

package io.headrace.plan;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Versions;
import io.headrace.connector.Position;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import io.headrace.error.Problems;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Node;
import io.headrace.identity.FileGlob;
import io.headrace.identity.FileIdentifier;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.plan.Continuations.Continuation;
import io.headrace.project.Task;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the version of a task whose inputs are known, or that there is none. The files of the
 * project are identified once, when this is made. Safe for many threads.
 */
public final class Resolver {
  private final Path root;
  private final Versions versions;
  private final Map<String, String> builtAtBase;
  private final Map<TableName, List<Identified>> files;
  private final Map<TableName, Reached> reached;
  private final Map<TableName, Recipes.Own> own;
  private final Continuations continuations;
  private final String nonce;

  private Resolver(
      Path root,
      Versions versions,
      Map<String, String> builtAtBase,
      Map<TableName, List<Identified>> files,
      Map<TableName, Reached> reached,
      Map<TableName, Recipes.Own> own,
      Continuations continuations,
      String nonce) {
    this.root = root;
    this.versions = versions;
    this.builtAtBase = builtAtBase;
    this.files = files;
    this.reached = reached;
    this.own = own;
    this.continuations = continuations;
    this.nonce = nonce;
  }

  /**
   * A resolver for some nodes.
   *
   * @param base the pointers that the plan starts from
   * @param renewed the tables that are made of their inputs alone, whatever is there
   * @param sources says how far things in outside systems go
   * @param continued the tables that go on from what is there, though other code made it
   * @param nonce stands for what cannot be identified; the same through one run
   * @param cancel ends the questions
   * @throws io.headrace.error.ProjectException if a task reads files that are not there
   */
  public static Resolver of(
      Path root,
      Collection<Node> nodes,
      Snapshot base,
      Set<TableName> renewed,
      Set<TableName> continued,
      Versions versions,
      FileIdentifier identifier,
      Sources sources,
      String nonce,
      Cancellation cancel) {
    Map<TableName, Recipes.Own> own =
        nodes.parallelStream()
            .collect(Collectors.toConcurrentMap(Node::name, node -> Recipes.own(node.task())));
    return new Resolver(
        root,
        versions,
        versions.builtAt(base),
        identify(root, nodes, identifier),
        reach(nodes, base, renewed, versions, sources, cancel),
        own,
        new Continuations(base, versions, renewed, continued),
        nonce);
  }

  /**
   * What is known of a task.
   *
   * @param recipe what its version is a function of
   * @param fingerprint the hash of that
   * @param version the version that the fingerprint leads to, if it was built before
   * @param files the files that it reads
   */
  public record Resolved(
      Recipe recipe, String fingerprint, Optional<String> version, List<Identified> files) {

    /** The bytes of the files that it reads. */
    public long sizeOfFiles() {
      return files.stream().mapToLong(file -> file.state().sizeBytes()).sum();
    }
  }

  /** How far a thing goes, or why that is not known. */
  private record Reached(List<Position> positions, Optional<HeadraceException> failure) {
    static final Reached NOTHING = new Reached(List.of(), Optional.empty());
  }

  /** Says how far a thing in an outside system goes. */
  @FunctionalInterface
  public interface Sources {
    /**
     * The positions of the next version, or a failure.
     *
     * @param known those of the version that is there; empty if there is none
     * @param afresh whether all of its rows are made again
     * @throws CancelledException if {@code cancel} was requested
     */
    List<Position> positions(
        Task.External external, List<Position> known, boolean afresh, Cancellation cancel);
  }

  private static Map<TableName, Reached> reach(
      Collection<Node> nodes,
      Snapshot base,
      Set<TableName> renewed,
      Versions versions,
      Sources sources,
      Cancellation cancel) {
    Set<TableName> names = nodes.stream().map(Node::name).collect(Collectors.toSet());
    Map<TableName, Reached> reached =
        nodes.parallelStream()
            .filter(
                node ->
                    node.task().body() instanceof Task.External external && external.hasCursor())
            .filter(node -> goodHalf(node.task(), names).isEmpty())
            .collect(
                Collectors.toConcurrentMap(
                    Node::name,
                    node ->
                        reach(
                            (Task.External) node.task().body(),
                            known(node, base, versions),
                            renewed.contains(node.name()),
                            sources,
                            cancel)));
    for (Node node : nodes) {
      goodHalf(node.task(), names)
          .flatMap(half -> Optional.ofNullable(reached.get(half)))
          .ifPresent(same -> reached.put(node.name(), same));
    }
    return reached;
  }

  /** A message is looked at once, whichever of two tables it comes to be in. */
  private static Optional<TableName> goodHalf(Task task, Set<TableName> names) {
    return task.configuration()
        .reject()
        .filter(reject -> task.isOfRejected())
        .map(Task.Reject::other)
        .filter(names::contains);
  }

  /**
   * Where the version that is there is: several recipes lead to it if there was nothing to read.
   */
  private static List<Position> known(Node node, Snapshot base, Versions versions) {
    return base.version(node.name()).map(id -> Recipes.reached(versions, id)).orElse(List.of());
  }

  private static Reached reach(
      Task.External external,
      List<Position> known,
      boolean afresh,
      Sources sources,
      Cancellation cancel) {
    try {
      return new Reached(sources.positions(external, known, afresh, cancel), Optional.empty());
    } catch (CancelledException e) {
      throw e;
    } catch (HeadraceException e) {
      return new Reached(List.of(), Optional.of(e));
    }
  }

  /**
   * Resolves a task.
   *
   * @throws HeadraceException if it reads a thing in an outside system that cannot be reached
   */
  public Resolved resolve(Node node, Map<TableName, String> inputs) {
    List<Identified> read = requireNonNull(files.get(node.name()), "not a node of this resolver");
    Resolved plain = resolve(node, inputs, read, Optional.empty());
    Continuation continuation =
        builtAtBase.containsKey(plain.fingerprint()) ? Continuation.NONE : continuation(node);
    Optional<String> carried = continuation.carried();
    Resolved usual = carried.isEmpty() ? plain : resolve(node, inputs, read, carried);
    Optional<String> next = continuation.next();
    // What others saw of the same things, they saw at other moments.
    boolean isFound =
        node.task().keepsStates() ? usual.version().equals(next) : usual.version().isPresent();
    return isFound || next.isEmpty() ? usual : resolve(node, inputs, read, next);
  }

  private Continuation continuation(Node node) {
    return continuations.of(node, requireNonNull(own.get(node.name())));
  }

  private Resolved resolve(
      Node node, Map<TableName, String> inputs, List<Identified> read, Optional<String> before) {
    Recipes.Own code = requireNonNull(own.get(node.name()));
    Reached source = reached.getOrDefault(node.name(), Reached.NOTHING);
    if (source.failure().isPresent()) {
      throw source.failure().get();
    }
    Recipe recipe = Recipes.of(root, node, code, inputs, read, source.positions(), before);
    String fingerprint = Recipes.fingerprint(node.name(), recipe, nonce);
    String atBase = builtAtBase.get(fingerprint);
    Optional<String> version =
        atBase == null ? versions.findBuilt(fingerprint) : Optional.of(atBase);
    return new Resolved(recipe, fingerprint, version, read);
  }

  /**
   * How many rows of an incremental table other code made, if nobody decided whether they are to be
   * made again.
   */
  Optional<Long> rowsOfOtherCode(Node node) {
    return continuation(node).rowsOfOtherCode();
  }

  private static Map<TableName, List<Identified>> identify(
      Path root, Collection<Node> nodes, FileIdentifier identifier) {
    Problems problems = new Problems();
    Map<TableName, Set<Path>> paths = new LinkedHashMap<>();
    Set<Path> all = new LinkedHashSet<>();
    for (Node node : nodes) {
      Set<Path> found = new LinkedHashSet<>();
      for (String glob : node.globs()) {
        List<Path> matches = FileGlob.find(root, glob);
        if (matches.isEmpty()) {
          problems.add(
              place(node.task(), glob),
              "No file matches '%s'".formatted(glob),
              "Paths start at the project's folder");
        }
        found.addAll(matches);
      }
      paths.put(node.name(), found);
      all.addAll(found);
    }
    problems.throwIfAny();
    SortedMap<Path, Identified> identified = new TreeMap<>();
    if (!all.isEmpty()) {
      identifier.identify(all).forEach(file -> identified.put(file.file(), file));
    }
    Map<TableName, List<Identified>> result = new LinkedHashMap<>();
    paths.forEach(
        (name, found) -> {
          List<Identified> read = new ArrayList<>();
          found.forEach(file -> read.add(requireNonNull(identified.get(file))));
          result.put(name, List.copyOf(read));
        });
    return result;
  }

  private static Location place(Task task, String glob) {
    if (task.body() instanceof Task.Files source) {
      return source.at();
    }
    return task.body() instanceof Task.Sql sql
        ? Location.of(task.file(), sql.text(), Math.max(0, sql.text().indexOf(glob)))
        : new Location(task.file(), 1, 1);
  }
}

package io.headrace.graph;

import static java.util.Objects.requireNonNull;

import io.headrace.check.Check;
import io.headrace.check.CheckQueries;
import io.headrace.error.Location;
import io.headrace.error.NearestWord;
import io.headrace.error.Problems;
import io.headrace.project.Parameter;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.sql.Analysis;
import io.headrace.sql.ParameterizedSql;
import io.headrace.table.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Builds the graph of a project: finds out what everything reads, and reports what cannot be. */
public final class GraphBuilder {
  private final Project project;
  private final Map<String, String> literals;
  private final Problems problems = new Problems();
  private final Map<String, Analysis> analyses = new HashMap<>();
  private final Map<TableName, ParameterizedSql> itemQueries = new HashMap<>();

  private GraphBuilder(Project project, Map<String, Parameter> parameters) {
    this.project = project;
    this.literals =
        parameters.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().literal()));
  }

  /**
   * Builds the graph.
   *
   * @param parameters value of each parameter of the project
   * @throws io.headrace.error.ProjectException with all mistakes, if there are any
   */
  public static Graph build(Project project, Map<String, Parameter> parameters, Analyzer analyzer) {
    return new GraphBuilder(project, parameters).build(analyzer);
  }

  private Graph build(Analyzer analyzer) {
    Map<TableName, ParameterizedSql> queries = new HashMap<>();
    // By identity: two checks are never equal, as each has its place.
    IdentityHashMap<Check, ParameterizedSql> checkQueries = new IdentityHashMap<>();
    for (Task task : project.tasks().values()) {
      if (task.body() instanceof Task.Sql sql) {
        boolean fansOut = task.configuration().foreach().isPresent();
        queries.put(
            task.name(),
            fansOut
                ? Fanouts.ofItem(sql.text(), literals)
                : withParameters(sql.text(), task.file()));
      }
      task.configuration().foreach().ifPresent(f -> itemQueries.put(task.name(), ofItems(f)));
      task.configuration().checks().forEach(check -> addCheck(check, checkQueries));
    }
    project.rules().forEach(check -> addCheck(check, checkQueries));
    List<String> statements = new ArrayList<>();
    queries.values().forEach(query -> statements.add(query.sql()));
    itemQueries.values().forEach(query -> statements.add(query.sql()));
    checkQueries.values().forEach(query -> statements.add(query.sql()));
    project.tasks().values().forEach(t -> IncrementalRules.condition(t).ifPresent(statements::add));
    project.tasks().values().forEach(t -> statements.addAll(RejectRules.conditions(t)));
    List<Analysis> found = analyzer.analyze(statements);
    for (int i = 0; i < statements.size(); i++) {
      analyses.put(statements.get(i), found.get(i));
    }
    SortedMap<TableName, Node> nodes = new TreeMap<>();
    List<CheckNode> rules = new ArrayList<>();
    List<Node> unsorted =
        project.tasks().values().parallelStream()
            .map(task -> node(task, Optional.ofNullable(queries.get(task.name())), checkQueries))
            .toList();
    for (Node node : unsorted) {
      nodes.put(node.name(), node);
      node.checks().stream().filter(check -> !check.isLocal()).forEach(rules::add);
    }
    project.rules().forEach(check -> checkNode(check, checkQueries).ifPresent(rules::add));
    Optional<Graph> graph = Graph.of(nodes, rules);
    if (graph.isEmpty()) {
      reportCycle(nodes, queries);
    }
    problems.throwIfAny();
    return graph.orElseThrow();
  }

  private ParameterizedSql withParameters(String text, String file) {
    ParameterizedSql sql = ParameterizedSql.of(text, literals);
    for (ParameterizedSql.Unknown unknown : sql.unknown()) {
      problems.add(
          Location.of(file, text, unknown.offset()),
          "Unknown parameter '$%s'".formatted(unknown.name()),
          NearestWord.hint(
              unknown.name(),
              project.settings().parameters().keySet(),
              "Declare it in headrace.yaml: `parameters: {%s: ...}`".formatted(unknown.name())));
    }
    return sql;
  }

  private void addCheck(Check check, IdentityHashMap<Check, ParameterizedSql> queries) {
    if (CheckQueries.needsAnalysis(check)) {
      String text = CheckQueries.violations(check, Instant.EPOCH);
      queries.put(check, withParameters(text, check.at().file()));
    }
  }

  private Node node(
      Task task,
      Optional<ParameterizedSql> query,
      IdentityHashMap<Check, ParameterizedSql> checkQueries) {
    List<CheckNode> checks =
        task.configuration().checks().stream()
            .map(check -> checkNode(check, checkQueries))
            .flatMap(Optional::stream)
            .toList();
    if (query.isEmpty()) {
      checkIncremental(task, new TreeSet<>());
      return new Node(
          task,
          new TreeSet<>(),
          globs(task),
          unidentified(task),
          "",
          new TreeMap<>(),
          checks,
          Optional.empty());
    }
    String text = ((Task.Sql) task.body()).text();
    Place place = offset -> Location.of(task.file(), text, query.get().originalOffset(offset));
    SortedSet<TableName> inputs = new TreeSet<>();
    Analysis analysis = analysisOf(query.get());
    if (analysis instanceof Analysis.Refused refused) {
      report(refused, place);
      return new Node(
          task,
          inputs,
          List.of(),
          List.of(),
          query.get().sql(),
          query.get().used(),
          checks,
          Optional.empty());
    }
    Analysis.Query read = (Analysis.Query) analysis;
    for (Analysis.TableReference reference : read.tables()) {
      resolve(reference, place).ifPresent(inputs::add);
    }
    checkIncremental(task, inputs);
    new RejectRules(problems).requireRepeatable(task, read.unidentified());
    List<String> files = read.files().stream().map(Analysis.FileReference::path).toList();
    Node node =
        new Node(
            task,
            inputs,
            files,
            read.unidentified(),
            query.get().sql(),
            query.get().used(),
            checks,
            Optional.empty());
    ParameterizedSql items = itemQueries.get(task.name());
    return items == null ? node : fanOut(node, task.configuration().foreach().get(), items);
  }

  private ParameterizedSql ofItems(Task.Foreach foreach) {
    ParameterizedSql sql = ParameterizedSql.of(foreach.sql(), literals);
    for (ParameterizedSql.Unknown unknown : sql.unknown()) {
      problems.add(
          foreach.at(),
          "Unknown parameter '$%s' in `foreach`".formatted(unknown.name()),
          NearestWord.hint(
              unknown.name(),
              project.settings().parameters().keySet(),
              "Declare it in headrace.yaml: `parameters: {%s: ...}`".formatted(unknown.name())));
    }
    return sql;
  }

  private Node fanOut(Node node, Task.Foreach foreach, ParameterizedSql items) {
    Place place = offset -> foreach.at();
    Analysis analysis = analysisOf(items);
    if (analysis instanceof Analysis.Refused refused) {
      problems.add(foreach.at(), "`foreach`: " + refused.message(), refused.hint());
      return node;
    }
    Analysis.Query read = (Analysis.Query) analysis;
    SortedSet<TableName> inputs = new TreeSet<>();
    for (Analysis.TableReference reference : read.tables()) {
      resolve(reference, place).ifPresent(inputs::add);
    }
    for (Analysis.FileReference file : read.files()) {
      problems.add(
          foreach.at(),
          "`foreach` reads the file '%s'".formatted(file.path()),
          "Make the file a table, and read that");
    }
    return Fanouts.join(node, foreach, items, inputs, read.unidentified(), literals.keySet());
  }

  private void checkIncremental(Task task, SortedSet<TableName> inputs) {
    Function<String, Analysis> known = sql -> requireNonNull(analyses.get(sql), "not analysed");
    new IncrementalRules(problems).check(task, inputs, known);
    new RejectRules(problems).check(task, known);
  }

  private static List<String> globs(Task task) {
    if (task.body() instanceof Task.External) {
      return List.of();
    }
    return task.body() instanceof Task.Files files ? files.globs() : List.of(task.file());
  }

  private static List<Analysis.Unidentified> unidentified(Task task) {
    return task.body() instanceof Task.External external && !external.hasCursor()
        ? List.of(
            new Analysis.Unidentified(
                external.label(), "without a cursor, nothing tells whether it changed", 0))
        : List.of();
  }

  private Optional<CheckNode> checkNode(
      Check check, IdentityHashMap<Check, ParameterizedSql> queries) {
    ParameterizedSql query = queries.get(check);
    SortedSet<TableName> reads = new TreeSet<>();
    check.table().ifPresent(reads::add);
    boolean repeatable = !(check.rule() instanceof Check.Freshness);
    if (check.rule() instanceof Check.References references) {
      String target = references.target().toString();
      resolve(new Analysis.TableReference(target, 0), offset -> check.at()).ifPresent(reads::add);
    }
    if (check.rule() instanceof Check.Rejected of) {
      reads.add(of.rejected());
    }
    if (query == null) {
      return Optional.of(new CheckNode(check, reads, "", repeatable));
    }
    boolean isFile = check.table().isEmpty() && check.rule() instanceof Check.NoRows;
    Place place =
        isFile
            ? offset ->
                Location.of(
                    check.at().file(),
                    ((Check.NoRows) check.rule()).sql(),
                    query.originalOffset(offset))
            : offset -> check.at();
    Analysis analysis = analysisOf(query);
    if (analysis instanceof Analysis.Refused refused) {
      if (isFile) {
        report(refused, place);
      } else {
        problems.add(
            check.at(),
            "Cannot read check '%s': %s".formatted(check.name(), refused.message()),
            check.rule() instanceof Check.Condition
                ? "Write a condition as it stands behind WHERE: amount > 0"
                : refused.hint());
      }
      return Optional.empty();
    }
    Analysis.Query read = (Analysis.Query) analysis;
    for (Analysis.TableReference reference : read.tables()) {
      resolve(reference, place).ifPresent(reads::add);
    }
    for (Analysis.FileReference file : read.files()) {
      problems.add(
          place.at(file.offset()),
          "A check reads the file '%s'".formatted(file.path()),
          "Make the file a table, and read that");
    }
    return Optional.of(new CheckNode(check, reads, query.sql(), read.unidentified().isEmpty()));
  }

  private Analysis analysisOf(ParameterizedSql query) {
    if (!query.unknown().isEmpty()) {
      // Reported already; an engine would only say it once more, and less well.
      return new Analysis.Query(List.of(), List.of(), List.of());
    }
    return requireNonNull(analyses.get(query.sql()), "not analysed");
  }

  private void report(Analysis.Refused refused, Place place) {
    problems.add(place.at(refused.offset()), refused.message(), refused.hint());
  }

  private Optional<TableName> resolve(Analysis.TableReference reference, Place place) {
    Optional<TableName> name = parse(reference.name()).filter(project.tasks()::containsKey);
    if (name.isEmpty()) {
      List<String> known = project.tasks().keySet().stream().map(TableName::toString).toList();
      problems.add(
          place.at(reference.offset()),
          "Unknown table '%s'".formatted(reference.name()),
          NearestWord.hint(reference.name(), known, otherHint(reference.name(), known)));
    }
    return name;
  }

  private static String otherHint(String name, List<String> known) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return known.stream()
        .filter(candidate -> candidate.equals(last) || candidate.endsWith("." + last))
        .findFirst()
        .map(candidate -> "Did you mean '" + candidate + "'?")
        .orElse("A table is a file of tables/: add '%s.sql'".formatted(name.replace('.', '/')));
  }

  private static Optional<TableName> parse(String name) {
    try {
      return Optional.of(TableName.parse(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void reportCycle(
      SortedMap<TableName, Node> nodes, Map<TableName, ParameterizedSql> queries) {
    List<TableName> cycle = Graph.findCycle(nodes);
    if (!cycle.isEmpty()) {
      String path = cycle.stream().map(TableName::toString).collect(Collectors.joining(" -> "));
      Task task = requireNonNull(nodes.get(cycle.get(0))).task();
      problems.add(
          placeOf(cycle.get(1), task, requireNonNull(queries.get(task.name()))),
          "Tables read each other in a circle: " + path,
          cycle.size() == 2
              ? "A query cannot read the table that it makes"
              : "Move what they share into a table of its own");
    }
  }

  /** Where the query of a task names a table that it reads. */
  private Location placeOf(TableName input, Task task, ParameterizedSql query) {
    int offset = 0;
    if (analysisOf(query) instanceof Analysis.Query read) {
      for (Analysis.TableReference reference : read.tables()) {
        offset = reference.name().equals(input.toString()) ? reference.offset() : offset;
      }
    }
    return Location.of(task.file(), ((Task.Sql) task.body()).text(), query.originalOffset(offset));
  }

  /** Where in the project an offset of a query is. */
  @FunctionalInterface
  private interface Place {
    Location at(int offset);
  }

  /** The query that engines run for a check, now. */
  public static String violations(CheckNode node, Instant now) {
    return node.sql().isEmpty() ? CheckQueries.violations(node.check(), now) : node.sql();
  }
}

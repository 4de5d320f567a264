package io.headrace.faults;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.sqlite.SqliteCatalog;
import io.headrace.engine.Cancellation;
import io.headrace.graph.Graph;
import io.headrace.maintain.Doctor;
import io.headrace.run.RunResult;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.verify.Verification;
import io.headrace.verify.Verifier;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After each of many random edits, a long-lived state holds what a build from nothing holds, and
 * just that was computed which had to be.
 *
 * <p>{@code -Dheadrace.edits=300} makes 300 edits.
 */
class RandomEditsTest {
  private static final int EDITS = Integer.getInteger("headrace.edits", 60);

  private static final int EDITS_BETWEEN_VERIFICATIONS = 4;

  @TempDir Path folder;

  /** What a table holds: its rows in order, and the names and types of its columns. */
  private record Content(String columns, List<String> rows, boolean partitioned) {}

  /** A version as the test knows it; {@code id} tells two of the same content apart. */
  private record Known(int id, Content content) {}

  private final Map<String, Known> built = new HashMap<>();
  private Map<String, Known> head = new TreeMap<>();
  private final SortedMap<String, Integer> seen = new TreeMap<>();
  private int versions;

  @Test
  void buildsWhatMustBeBuiltAndNothingElse() throws IOException {
    Seed seed = new Seed(RandomEditsTest.class);
    TestProject files = new TestProject(folder.resolve("project"));
    Path template = folder.resolve("empty.db");
    SqliteCatalog.open(template).close();
    List<RandomProject> history = new ArrayList<>();
    RandomProject project = RandomProject.start(seed.random(0));
    project.write(files, new RandomProject(new TreeMap<>(), 0));
    try (Workspace workspace = files.open()) {
      for (int edit = 0; edit <= EDITS; edit++) {
        history.add(project);
        RunResult result = TestRun.of(workspace);
        String where = "edit %d, %s".formatted(edit, seed);
        assertThat(result.isGood()).as(where).isTrue();
        Map<String, Content> fresh = buildFromNothing(workspace, project, template, edit);
        assertThat(contents(workspace, project)).as(where).isEqualTo(fresh);
        SortedMap<String, String> kinds = TestRun.kinds(result);
        assertThat(kinds).as(where).isEqualTo(expected(project, fresh));
        if (edit % EDITS_BETWEEN_VERIFICATIONS == 0) {
          assertThat(verify(workspace)).as(where).allMatch(Verification.Same.class::isInstance);
        }
        kinds.values().forEach(kind -> seen.merge(kind, 1, Integer::sum));
        RandomProject next = next(project, history, seed.random(edit + 1));
        next.write(files, project);
        project = next;
      }
      System.out.printf("%d edits: %s%n", EDITS, seen);
      assertThat(seen).containsKeys("built", "same", "reused");
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }

  /** However it was come by, every version is what its table is computed to again. */
  private static List<Verification.Result> verify(Workspace workspace) {
    Snapshot head = workspace.catalog().environments().head("main");
    Graph graph = workspace.buildGraph(workspace.readProject(), Map.of());
    Verifier verifier = new Verifier(workspace, graph, head);
    return verifier.tables().stream()
        .map(table -> verifier.verify(table, Cancellation.never()).result())
        .toList();
  }

  private static RandomProject next(
      RandomProject project, List<RandomProject> history, SplittableRandom random) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return history.get(random.nextInt(history.size()));
    }
    RandomProject next = project.edited(random);
    return kind < 3 ? next.edited(random) : next;
  }

  /** Says what must become of each table, from nothing but its meaning and its content. */
  private SortedMap<String, String> expected(RandomProject project, Map<String, Content> fresh) {
    SortedMap<String, String> kinds = new TreeMap<>();
    Map<String, Known> next = new TreeMap<>();
    project
        .tables()
        .forEach(
            (name, table) -> {
              String code =
                  table instanceof RandomProject.Query query
                      ? query.code(project.offset())
                      : ((RandomProject.Csv) table).text();
              String inputs =
                  table.inputs().stream()
                      .map(input -> input + "=" + requireNonNull(next.get(input)).id())
                      .collect(Collectors.joining(","));
              String recipe = name + ": " + code + " of " + inputs;
              Known known = built.get(recipe);
              Known before = head.get(name);
              Content content = requireNonNull(fresh.get(name));
              if (known != null) {
                kinds.put(name, "reused");
              } else if (before != null && before.content().equals(content)) {
                kinds.put(name, "same");
                known = before;
              } else {
                kinds.put(name, "built");
                known = new Known(versions++, content);
              }
              built.put(recipe, known);
              next.put(name, known);
            });
    head = next;
    return kinds;
  }

  private Map<String, Content> buildFromNothing(
      Workspace workspace, RandomProject project, Path template, int edit) throws IOException {
    Path state = Files.createDirectories(folder.resolve("fresh").resolve(String.valueOf(edit)));
    Files.copy(template, state.resolve("catalog.db"));
    try (Workspace fresh = TestProject.elsewhere(workspace, state)) {
      RunResult result = TestRun.of(fresh);
      assertThat(result.tasks()).allMatch(task -> task.kind().toString().equals("built"));
      return contents(fresh, project);
    }
  }

  private static Map<String, Content> contents(Workspace workspace, RandomProject project) {
    Snapshot head = workspace.catalog().environments().head("main");
    assertThat(head.versions().keySet().stream().map(TableName::toString))
        .containsExactlyElementsOf(project.tables().keySet());
    String all =
        project.tables().keySet().stream()
            .map(name -> "SELECT '%s', k, v FROM %s AS x(k, v)".formatted(name, name))
            .collect(Collectors.joining(" UNION ALL "));
    Map<String, List<String>> rows = new HashMap<>();
    for (List<Object> row : TestProject.query(workspace, head, all)) {
      rows.computeIfAbsent(row.get(0).toString(), name -> new ArrayList<>())
          .add(row.get(1) + "=" + row.get(2));
    }
    Map<String, Content> contents = new TreeMap<>();
    head.versions()
        .forEach(
            (table, version) -> {
              var data =
                  workspace
                      .tables()
                      .load(
                          workspace
                              .catalog()
                              .versions()
                              .find(version)
                              .orElseThrow()
                              .metadataLocation());
              List<String> sorted =
                  rows.getOrDefault(table.toString(), List.of()).stream().sorted().toList();
              contents.put(
                  table.toString(),
                  new Content(columns(data.schema()), sorted, !data.partitioning().isEmpty()));
            });
    return contents;
  }

  private static String columns(TableSchema schema) {
    return schema.columns().stream()
        .map(column -> column.name() + " " + column.type())
        .collect(Collectors.joining(", "));
  }
}

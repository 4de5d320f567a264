package io.headrace.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.export.ExportOutcome.Kind;
import io.headrace.faults.RowReceiver;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.maintain.Garbage;
import io.headrace.project.Export;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an API holds after deliveries that were broken off, refused and overtaken. */
class ApiExportTest {
  private static final int STEPS = 60;
  private static final String KEYED = "table: orders\npath: /keyed\nmode: upsert\nkey: id\n";
  private static final String LOG = "table: events\npath: /log\nmode: append\n";

  @TempDir Path folder;
  private TestProject project;
  private RowReceiver receiver;
  private final TreeMap<Integer, String> rows = new TreeMap<>(Map.of(1, "a", 2, "b", 3, "c"));
  private final List<String> events = new ArrayList<>(List.of("1,a", "1,a", "2,b"));

  @BeforeEach
  void start() throws IOException {
    receiver = new RowReceiver();
    project =
        new TestProject(folder.resolve("project"))
            .write(
                "headrace.yaml",
                "connections: {crm: {url: '%s', allow_private: true}}\n".formatted(receiver.url()));
    writeExports("");
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private void writeExports(String more) {
    String both = "api: crm\nbatch: 2\n" + more;
    project
        .write("exports/keyed.yaml", KEYED + "deletes: /keyed/{id}\n" + both)
        .write("exports/log.yaml", LOG + both.replace("/note", "/note/log"));
  }

  private void writeRows() {
    project
        .write(
            "tables/orders.csv",
            rows.entrySet().stream()
                .map(row -> row.getKey() + "," + row.getValue() + "\n")
                .collect(Collectors.joining("", "id,note\n", "")))
        .write("tables/events.csv", "id,note\n" + String.join("\n", events) + "\n");
  }

  private static ExportOutcome deliver(Workspace workspace, String name, Cancellation cancel) {
    Export export = requireNonNull(workspace.readProject().exports().get(name));
    return new Exporter(workspace).deliver(export, cancel);
  }

  private static ExportOutcome deliver(Workspace workspace, String name) {
    return deliver(workspace, name, Cancellation.never());
  }

  private void publish(Workspace workspace) {
    writeRows();
    assertThat(TestRun.of(workspace).isGood()).isTrue();
  }

  private List<String> expectedRows() {
    return rows.entrySet().stream().map(row -> json(row.getKey() + "," + row.getValue())).toList();
  }

  private List<String> expectedEvents() {
    return events.stream().map(ApiExportTest::json).sorted().toList();
  }

  private static String json(String line) {
    int comma = line.indexOf(',');
    return "{\"id\":%s,\"note\":\"%s\"}"
        .formatted(line.substring(0, comma), line.substring(comma + 1));
  }

  private void assertDelivered(Workspace workspace, String where) {
    receiver.fate((body, isTaken) -> 200);
    for (String name : List.of("keyed", "log")) {
      ExportOutcome outcome = deliver(workspace, name);
      assertThat(outcome.kind()).as(where + outcome.message()).isIn(Kind.DELIVERED, Kind.CURRENT);
    }
    assertThat(receiver.keyed()).as(where).isEqualTo(expectedRows());
    assertThat(receiver.log().stream().sorted().toList()).as(where).isEqualTo(expectedEvents());
  }

  /** Breaks a delivery off at one of its requests, or has the receiver refuse it. */
  private void disturb(Workspace workspace, String name, SplittableRandom random) {
    Cancellation cancel = new Cancellation();
    AtomicInteger left = new AtomicInteger(random.nextInt(1, 4));
    boolean isRefused = random.nextBoolean();
    boolean isBefore = random.nextBoolean();
    receiver.fate(
        (body, isTaken) -> {
          if ((isTaken == isBefore && !isRefused) || left.decrementAndGet() > 0) {
            return 200;
          }
          if (isRefused) {
            return isTaken ? 200 : 422;
          }
          cancel.request("broken off");
          return 0;
        });
    try {
      ExportOutcome unused = deliver(workspace, name, cancel);
    } catch (CancelledException e) {
      // That is what was wanted.
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "version: /note\n"})
  void whatIsThereIsTheVersionAfterAnyHistory(String more) {
    writeExports(more);
    SplittableRandom random = new SplittableRandom(20261123);
    try (Workspace workspace = project.open()) {
      publish(workspace);
      for (int step = 0; step < STEPS; step++) {
        for (int edits = random.nextInt(5); edits >= 0; edits--) {
          int id = random.nextInt(1, 9);
          if (random.nextBoolean() || rows.size() == 1) {
            rows.put(id, "n" + random.nextInt(3));
          } else {
            rows.remove(rows.ceilingKey(id) == null ? rows.firstKey() : rows.ceilingKey(id));
          }
          events.add(id + ",e" + random.nextInt(3));
        }
        publish(workspace);
        for (String name : List.of("keyed", "log")) {
          if (random.nextInt(3) > 0) {
            disturb(workspace, name, random);
          }
        }
        if (random.nextInt(3) == 0) {
          assertDelivered(workspace, "step " + step + ": ");
        }
      }
      assertDelivered(workspace, "the end: ");
      assertThat(receiver.repeated()).isPositive();
    }
  }

  @Test
  void aRollbackInTheMiddleTakesBackWhatWasTaken() {
    try (Workspace workspace = project.open()) {
      publish(workspace);
      assertDelivered(workspace, "");
      TreeMap<Integer, String> before = new TreeMap<>(rows);
      for (int i = 1; i < 9; i++) {
        rows.put(i, "changed");
      }
      publish(workspace);
      AtomicInteger left = new AtomicInteger(2);
      receiver.fate((body, isTaken) -> isTaken || left.getAndDecrement() > 0 ? 200 : 400);
      assertThat(deliver(workspace, "keyed").kind()).isEqualTo(Kind.FAILED);
      assertThat(receiver.keyed())
          .hasSize(4)
          .allMatch(row -> row.contains("changed") || row.contains("c"));
      rows.clear();
      rows.putAll(before);
      publish(workspace);
      assertDelivered(workspace, "");
    }
  }

  @Test
  void whatCannotBeToldIsRefusedUnlessAllRowsMayComeAgain() {
    try (Workspace workspace = project.open()) {
      publish(workspace);
      assertDelivered(workspace, "");
      rows.put(1, "other");
      events.add("9,z");
      publish(workspace);
      new Garbage(workspace).collect(Duration.ZERO, false);
      for (String name : List.of("keyed", "log")) {
        assertThat(deliver(workspace, name).message()).contains("was deleted by `headrace gc`");
      }
      writeExports("otherwise: swap\n");
      assertThat(deliver(workspace, "keyed").message()).isEqualTo("all rows");
      assertThat(receiver.keyed()).isEqualTo(expectedRows());
      assertThat(deliver(workspace, "log").rows()).isEqualTo(4);
      assertThat(receiver.log()).hasSize(7);
    }
  }
}

package io.headrace.faults;

import io.headrace.faults.Histories.Edit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of tables that have keys: rows arrive late and twice, keys are deleted and come
 * back, files change, queries, parameters, checks and partitioning change. Of a history of states a
 * build from nothing has the current rows; see {@link Timeline} for the others.
 *
 * @see Histories
 */
@Order(1)
class KeyedHistoryTest {
  private static final int STEPS = 2;

  @TempDir Path folder;

  @Test
  void tablesWithKeysEqualAFullRebuild() throws IOException {
    try (Histories histories = new Histories(KeyedHistoryTest.class, STEPS, folder)) {
      histories.play(Subject::new, "update by key");
    }
  }

  private static final class Subject implements Histories.Subject {
    private final Timeline timeline = new Timeline("SELECT k::VARCHAR, city FROM things");
    private int files;

    @Override
    public void make(TestProject project, SplittableRandom random) {
      project
          .write("headrace.yaml", "parameters: {most: 5}\n")
          .write("tables/changes.yaml", "files: log/*.csv\nincremental: append\n")
          .write("log/000.csv", rows(random))
          .write("tables/things.csv", things(random))
          .write(
              "tables/source.yaml",
              "files: log/*.csv\nallow_empty: true\nincremental: {key: [k, city], latest_by: moment, deleted_when: op = 'D'}\n")
          .table("latest", latest("$most", ""))
          .table("by_city", latest("5", "partition_by: city"))
          .table(
              "history",
              "/*---\nhistory: {key: k, valid_from: moment, deleted_when: op = 'D', track: city}\nallow_empty: true\n---*/"
                  + " SELECT * FROM changes")
          .table("states", "/*---\nhistory: {key: k, track: city}\n---*/ SELECT * FROM things")
          .table(
              "after",
              "/*---\nallow_empty: true\n---*/ SELECT city, count(*) AS n FROM latest GROUP BY city");
    }

    private static String latest(String below, String more) {
      return """
      /*---
      incremental: {key: k, latest_by: moment, deleted_when: op = 'D'}
      allow_empty: true
      %s
      ---*/
      SELECT k, city, moment, op FROM changes WHERE k < %s
      """
          .formatted(more, below);
    }

    @Override
    public Edit edit(TestProject project, SplittableRandom random) {
      switch (random.nextInt(12)) {
        case 0 -> {
          project.write("log/000.csv", rows(random));
          return new Edit("an old file changes");
        }
        case 1 -> {
          int below = random.nextInt(4, 6);
          project.table("latest", latest(String.valueOf(below), ""));
          return new Edit("keys below %d".formatted(below), Set.of("latest"));
        }
        case 2 -> {
          int most = random.nextInt(4, 6);
          project
              .write("headrace.yaml", "parameters: {most: %d}\n".formatted(most))
              .table("latest", latest("$most", ""));
          return new Edit("at most %d".formatted(most), Set.of("latest"));
        }
        case 3 -> {
          String more = random.nextBoolean() ? "partition_by: city" : "";
          String checks = "checks: [k < %d]\n".formatted(random.nextInt(5, 8));
          project.table("by_city", latest("5", checks + more));
          return new Edit("other checks, '%s'".formatted(more), Set.of("by_city"));
        }
        case 4, 5, 6 -> {
          project.write("tables/things.csv", things(random));
          return new Edit("things are otherwise");
        }
        default -> {
          grow(project, random);
          return new Edit("new rows");
        }
      }
    }

    @Override
    public void grow(TestProject project, SplittableRandom random) {
      project.write("log/1%02d.csv".formatted(files++), rows(random));
    }

    @Override
    public SortedMap<String, String> contents() {
      SortedMap<String, String> contents = new TreeMap<>();
      for (String table : List.of("changes", "latest", "history", "source", "by_city", "after")) {
        contents.put(table, "FROM " + table);
      }
      contents.put("states", "SELECT k, city FROM states WHERE is_current");
      return contents;
    }

    @Override
    public List<String> sources() {
      return List.of("changes");
    }

    @Override
    public List<String> compacted() {
      return List.of("changes", "source", "latest", "by_city", "history", "states");
    }

    @Override
    public Optional<Timeline> timeline() {
      return Optional.of(timeline);
    }

    /** What a row says is a function of its key and moment: rows never contradict each other. */
    private static String rows(SplittableRandom random) {
      StringBuilder rows = new StringBuilder("k,city,moment,op\n");
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        int k = random.nextInt(6);
        int moment = random.nextInt(1, 29);
        String op = (k + moment) % 4 == 0 ? "D" : "U";
        rows.append("%d,c%d,2026-01-%02d,%s%n".formatted(k, (k * moment) % 3, moment, op));
      }
      return rows.toString();
    }

    /** How things are: each key at most once. */
    private static String things(SplittableRandom random) {
      StringBuilder rows = new StringBuilder("k,city,seen\n9,c9,1\n");
      for (int k = 0; k < 5; k++) {
        if (random.nextInt(4) > 0) {
          rows.append("%d,c%d,%d%n".formatted(k, random.nextInt(3), random.nextInt(3)));
        }
      }
      return rows.toString();
    }
  }
}

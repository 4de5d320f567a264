package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.Histories.Edit;
import io.headrace.run.Backfill;
import io.headrace.table.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of a project whose tables are partitioned, appended to, or made item by item:
 * files come, go and change, late rows arrive, queries, parameters, checks and partitioning change.
 *
 * @see Histories
 */
@Order(1)
class IncrementalHistoryTest {
  private static final int STEPS = 2;
  private static final List<String> MONTHS = List.of("m1", "m2", "m3", "m4");

  /** Ways to cut a table, the most usual first. */
  private static final List<String> CUTS = List.of("month", "month", "bucket(2, month)");

  /** Queries over the partitioned source, confined to partitions or not. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT month, count(*) AS n, sum(v)::BIGINT AS s FROM sales GROUP BY month",
          "SELECT month, k, v, rank() OVER (PARTITION BY month ORDER BY v, k) AS place FROM sales",
          "SELECT month, k, (sum(v) OVER (ORDER BY month, k, v ROWS UNBOUNDED PRECEDING))::BIGINT"
              + " AS s FROM sales",
          "SELECT a.month, a.k, b.v FROM sales AS a JOIN sales AS b ON a.month = b.month AND a.k = b.k",
          "SELECT a.month, a.k, b.month AS other FROM sales AS a JOIN sales AS b ON a.k = b.k",
          "SELECT month, k, name FROM sales LEFT JOIN names USING (k)",
          "SELECT CASE WHEN k = 2 THEN NULL ELSE month END AS month, k, v FROM sales",
          "SELECT max(month) AS month, k FROM sales GROUP BY k",
          "SELECT DISTINCT month, k FROM sales WHERE v >= $least",
          "SELECT month FROM sales EXCEPT SELECT month FROM one WHERE month > 'm2'",
          "SELECT month, v FROM sales WHERE v > (SELECT avg(v) FROM sales)");

  @TempDir Path folder;

  @Test
  void incrementalWorkEqualsAFullRebuild() throws IOException {
    try (Histories histories = new Histories(IncrementalHistoryTest.class, STEPS, folder)) {
      histories.play(Subject::new, "write of some partitions");
      assertThat(histories.tally().of("backfill")).isPositive();
    }
  }

  private static final class Subject implements Histories.Subject {
    private String two = "";
    private String three = "";

    @Override
    public void make(TestProject project, SplittableRandom random) {
      project
          .write("headrace.yaml", "parameters: {least: 1}\n")
          .write("tables/sales.yaml", "files: data/{month}.csv\npartition_by: month\n")
          .write("tables/names.csv", "k,name\n0,zero\n1,one\n")
          .write("tables/events.yaml", "files: log/*.csv\nincremental: append\n")
          .write(
              "tables/visits.yaml",
              "files: days/*.csv\npartition_by: day(day)\nincremental: append\n");
      MONTHS.forEach(month -> project.write("data/" + month + ".csv", rows(random)));
      project.write("log/0.csv", rows(random)).write("days/0.csv", visits(random));
      two = query(random);
      three = query(random);
      project
          .table("one", cut("month", "", queryOfSales(random)))
          .table("two", cut("month", "", two))
          .table("three", cut("month", "", three))
          .table(
              "doubled",
              "/*---\nincremental: {append: events}\nallow_empty: true\n---*/"
                  + " SELECT k, v * 2 AS w FROM events WHERE k >= $least")
          .table(
              "by_k",
              "/*---\nforeach: SELECT DISTINCT k FROM sales\n---*/"
                  + " SELECT sum(v)::BIGINT AS s FROM events WHERE k = $k")
          .table("after", cut("month", "", "SELECT * FROM one"))
          .table(
              "moving",
              "/*---\npartition_by: day(day)\nlookback: 1\n---*/"
                  + " SELECT a.day, a.v, (SELECT sum(b.v)::BIGINT FROM visits AS b"
                  + " WHERE b.day BETWEEN a.day - 1 AND a.day) AS s FROM visits AS a");
    }

    @Override
    public Edit edit(TestProject project, SplittableRandom random) {
      String month = MONTHS.get(random.nextInt(MONTHS.size()));
      String file = "data/" + month + ".csv";
      switch (random.nextInt(16)) {
        case 0 -> {
          project.delete(file);
          // Never all of them: a source without files is a mistake.
          project.write("data/m0.csv", rows(random));
          return new Edit("without " + month);
        }
        case 1 -> {
          project.write("tables/names.csv", "k,name\n0,zero\n1,%d\n".formatted(random.nextInt(9)));
          return new Edit("other names");
        }
        case 2 -> {
          two = query(random);
          project.table("two", cut("month", "", two));
          return new Edit("another query");
        }
        case 3 -> {
          project.write(file, rows(random));
          project.write("data/m5.csv", rows(random));
          return new Edit("two months");
        }
        case 4, 5, 6 -> {
          grow(project, random);
          return new Edit("events, new or changed");
        }
        case 7 -> {
          int least = random.nextInt(3);
          project.write("headrace.yaml", "parameters: {least: %d}\n".formatted(least));
          return new Edit("at least %d".formatted(least), Set.of("doubled"));
        }
        case 8 -> {
          String check = "checks: [month <> 'm%d']\n".formatted(random.nextInt(6, 9));
          project.table("three", cut("month", check, three));
          return new Edit("other checks");
        }
        case 9 -> {
          String cut = CUTS.get(random.nextInt(CUTS.size()));
          project.table("three", cut(cut, "", three));
          return new Edit("cut by " + cut);
        }
        default -> {
          project.write(file, rows(random));
          return new Edit("another " + month);
        }
      }
    }

    /** New rows or, of the few files there are, others; of days that are over, too. */
    @Override
    public void grow(TestProject project, SplittableRandom random) {
      project
          .write("log/%d.csv".formatted(random.nextInt(8)), rows(random))
          .write("days/%d.csv".formatted(random.nextInt(8)), visits(random));
    }

    @Override
    public SortedMap<String, String> contents() {
      SortedMap<String, String> contents = new TreeMap<>();
      for (String table :
          List.of(
              "sales", "one", "two", "three", "after", "events", "doubled", "by_k", "visits",
              "moving")) {
        contents.put(table, "FROM " + table);
      }
      return contents;
    }

    @Override
    public List<String> sources() {
      return List.of("events", "sales", "visits");
    }

    @Override
    public List<String> compacted() {
      return List.of("events", "sales", "visits", "one");
    }

    @Override
    public List<Backfill> backfills() {
      return List.of(
          new Backfill(TableName.parse("one"), "m2", "m3"),
          new Backfill(TableName.parse("after"), "m1", "m4"),
          new Backfill(TableName.parse("moving"), "2026-01-02", "2026-01-04"));
    }

    private static String cut(String by, String more, String sql) {
      return "/*---\npartition_by: %s\nallow_empty: true\n%s---*/ %s".formatted(by, more, sql);
    }

    private static String query(SplittableRandom random) {
      return QUERIES.get(random.nextInt(QUERIES.size()));
    }

    private static String queryOfSales(SplittableRandom random) {
      String sql;
      do {
        sql = query(random);
      } while (sql.contains("FROM one"));
      return sql;
    }

    private static String rows(SplittableRandom random) {
      StringBuilder rows = new StringBuilder("k,v\n");
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        rows.append(random.nextInt(4)).append(',').append(random.nextInt(5)).append('\n');
      }
      return rows.toString();
    }

    private static String visits(SplittableRandom random) {
      StringBuilder rows = new StringBuilder("day,v\n");
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        rows.append("2026-01-%02d,%d%n".formatted(random.nextInt(1, 7), random.nextInt(5)));
      }
      return rows.toString();
    }
  }
}

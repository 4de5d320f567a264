package io.headrace.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A project of twenty tables, each of which carries one number from the input on: within a commit
 * all of them have the same.
 */
final class TwentyTables {
  static final int TABLES = 20;

  private TwentyTables() {}

  static TestProject in(TestProject project) {
    for (int i = 1; i < TABLES; i++) {
      // Every third reads the input, so that there is always something to do at the same time.
      String first = i % 3 == 1 ? "input" : name(i - 1);
      String second = name(i / 2);
      project.table(
          name(i),
          "SELECT max(v) AS v, range AS i FROM (SELECT v FROM %s UNION ALL SELECT v FROM %s), range(500) GROUP BY range"
              .formatted(first, second));
    }
    return project;
  }

  /** Gives the input a number. */
  static void edit(TestProject project, int number) {
    project.write("tables/input.csv", "v\n%d\n".formatted(number));
  }

  static String name(int table) {
    return table == 0 ? "input" : String.format(Locale.ROOT, "t%02d", table);
  }

  /** A query for the smallest and the largest number in some of the tables. */
  static String numbers(List<String> tables) {
    return tables.stream()
        .map(table -> "SELECT v FROM " + table)
        .collect(Collectors.joining(" UNION ALL ", "SELECT min(v), max(v) FROM (", ") AS numbers"));
  }

  static List<String> all() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < TABLES; i++) {
      names.add(name(i));
    }
    return names;
  }

  static List<String> some(SplittableRandom random) {
    return random.ints(4, 0, TABLES).distinct().mapToObj(TwentyTables::name).toList();
  }
}

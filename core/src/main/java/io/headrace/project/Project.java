package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.check.Check;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a folder says: its tasks, rules and tests.
 *
 * @param root the folder that has {@code tables/}; absolute
 * @param tasks by the name of their table; copied
 * @param rules the queries of {@code checks/}
 * @param tests the unit tests of {@code tests/}
 * @param exports those of {@code exports/}, by name
 */
public record Project(
    Path root,
    Settings settings,
    SortedMap<TableName, Task> tasks,
    List<Check> rules,
    List<UnitTest> tests,
    SortedMap<String, Export> exports) {
  public Project {
    requireNonNull(root, "root is null");
    requireNonNull(settings, "settings is null");
    tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
    rules = List.copyOf(rules);
    tests = List.copyOf(tests);
    exports = Collections.unmodifiableSortedMap(new TreeMap<>(exports));
  }
}

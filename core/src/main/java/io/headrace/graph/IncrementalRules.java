package io.headrace.graph;

import io.headrace.error.NearestWord;
import io.headrace.error.Problems;
import io.headrace.project.Task;
import io.headrace.sql.Analysis;
import io.headrace.table.KeyRule;
import io.headrace.table.TableName;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** What must be true of a task that takes in the new rows of an input. */
final class IncrementalRules {
  private final Problems problems;

  IncrementalRules(Problems problems) {
    this.problems = problems;
  }

  /** A query with the task's condition on rows in it, if it has one. */
  static Optional<String> condition(Task task) {
    return task.configuration()
        .incremental()
        .flatMap(Task.Incremental::rule)
        .flatMap(KeyRule::deletedWhen)
        .map("SELECT 1 WHERE (%s\n)"::formatted);
  }

  /**
   * Reports what is wrong.
   *
   * @param inputs the tables that its query reads; empty for a source
   * @param analyses what is known of the query that {@link #condition} gave
   */
  void check(Task task, SortedSet<TableName> inputs, Function<String, Analysis> analyses) {
    Optional<Task.Incremental> incremental = task.configuration().incremental();
    if (incremental.isEmpty()) {
      return;
    }
    Task.Incremental how = incremental.get();
    if (task.body() instanceof Task.Sql && !(how instanceof Task.Snapshots)) {
      checkInput(how, inputs);
    }
    condition(task).map(analyses).ifPresent(analysis -> checkCondition(how, analysis));
  }

  private void checkInput(Task.Incremental how, SortedSet<TableName> inputs) {
    boolean isAppend = how instanceof Task.Append;
    if (how.input().isEmpty() && inputs.size() != 1) {
      problems.add(
          how.at(),
          "Unclear which input's new rows are taken: the query reads %d tables"
              .formatted(inputs.size()),
          isAppend
              ? "Say which one: `incremental: {append: TABLE}`"
              : "Say which one: `from: TABLE`");
    }
    how.input()
        .filter(input -> !inputs.contains(input))
        .ifPresent(
            input ->
                problems.add(
                    how.at(),
                    "Cannot take new rows from '%s': the query does not read it".formatted(input),
                    NearestWord.hint(
                        input.toString(),
                        inputs.stream().map(TableName::toString).toList(),
                        "Name a table that the query reads")));
  }

  private void checkCondition(Task.Incremental how, Analysis analysis) {
    if (analysis instanceof Analysis.Refused refused) {
      problems.add(
          how.at(),
          "Cannot read `deleted_when`: %s".formatted(refused.message()),
          "Write a condition as it stands behind WHERE: op = 'D'");
      return;
    }
    Analysis.Query read = (Analysis.Query) analysis;
    if (!read.tables().isEmpty() || !read.files().isEmpty() || !read.unidentified().isEmpty()) {
      problems.add(
          how.at(),
          "`deleted_when` looks at more than the columns of a row",
          "Compute a column in the query, and name it here");
    }
  }
}

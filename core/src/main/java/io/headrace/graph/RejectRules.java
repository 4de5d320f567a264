package io.headrace.graph;

import io.headrace.engine.Sifting.Rule;
import io.headrace.error.Problems;
import io.headrace.project.Task;
import io.headrace.sql.Analysis;
import java.util.List;
import java.util.function.Function;

/** What must be true of a task that rejects rows. */
final class RejectRules {
  private final Problems problems;

  RejectRules(Problems problems) {
    this.problems = problems;
  }

  /** A query with each of the task's conditions on rows in it. */
  static List<String> conditions(Task task) {
    return task.configuration().reject().map(reject -> reject.sifting().rules()).stream()
        .flatMap(List::stream)
        .map(RejectRules::condition)
        .toList();
  }

  private static String condition(Rule rule) {
    return "SELECT 1 WHERE (%s\n)".formatted(rule.condition());
  }

  /**
   * Reports what is wrong.
   *
   * @param analyses what is known of the queries that {@link #conditions} gave
   */
  void check(Task task, Function<String, Analysis> analyses) {
    task.configuration()
        .reject()
        .ifPresent(
            reject ->
                reject
                    .sifting()
                    .rules()
                    .forEach(rule -> check(reject, rule, analyses.apply(condition(rule)))));
  }

  /**
   * Two queries share the rows out. They must see the same ones.
   *
   * @param unidentified the clauses of the task's query that no fingerprint covers
   */
  void requireRepeatable(Task task, List<Analysis.Unidentified> unidentified) {
    task.configuration()
        .reject()
        .filter(reject -> !unidentified.isEmpty())
        .ifPresent(
            reject ->
                problems.add(
                    reject.at(),
                    "Cannot reject rows of a query with `%s`: the rows that are good and those that"
                            .formatted(unidentified.get(0).clause())
                        + " are not are computed one after the other, and a row could be in neither",
                    "Reject them in a table that reads this one"));
  }

  private void check(Task.Reject reject, Rule rule, Analysis analysis) {
    if (analysis instanceof Analysis.Refused refused) {
      problems.add(
          reject.at(),
          "Cannot read the rule '%s' of `reject`: %s".formatted(rule.name(), refused.message()),
          "Write a condition as it stands behind WHERE: amount > 0");
      return;
    }
    Analysis.Query read = (Analysis.Query) analysis;
    if (!read.tables().isEmpty() || !read.files().isEmpty() || !read.unidentified().isEmpty()) {
      problems.add(
          reject.at(),
          "The rule '%s' of `reject` looks at more than the columns of a row"
              .formatted(rule.name()),
          "Compute a column in the query, and name it here");
    }
  }
}

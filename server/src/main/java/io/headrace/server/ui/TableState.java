package io.headrace.server.ui;

import io.headrace.catalog.Version;
import io.headrace.graph.Node;
import io.headrace.table.TableName;
import java.util.Optional;

/**
 * How a table stands in an environment.
 *
 * @param node empty if no file makes it any more
 * @param version empty if it was never published
 * @param last how it went in the last run that had it
 * @param checks what its checks say of that version
 */
record TableState(
    TableName name,
    Optional<Node> node,
    Optional<Version> version,
    Optional<LastTask> last,
    CheckTally checks) {

  /**
   * How a task of a run went.
   *
   * @param outcome as the catalog has it
   */
  record LastTask(String run, String outcome, String message) {}

  /** A state, worst first. */
  enum Kind {
    FAILED("failed", "Its last build failed"),
    BROKEN("check failed", "A check on it fails"),
    SKIPPED("skipped", "Something that it reads failed"),
    MISSING("not built", "Nothing is published yet"),
    ORPHAN("no file", "No file makes it any more"),
    GOOD("good", "Published, and no check fails");

    private final String text;
    private final String meaning;

    Kind(String text, String meaning) {
      this.text = text;
      this.meaning = meaning;
    }

    String text() {
      return text;
    }

    String meaning() {
      return meaning;
    }

    /** As a class of style. */
    String style() {
      return "s-" + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  Kind kind() {
    String outcome = last.map(LastTask::outcome).orElse("");
    if (outcome.equals("failed")) {
      return Kind.FAILED;
    }
    if (checks.failed() > 0) {
      return Kind.BROKEN;
    }
    if (outcome.equals("skipped")) {
      return Kind.SKIPPED;
    }
    if (version.isEmpty()) {
      return Kind.MISSING;
    }
    return node.isEmpty() ? Kind.ORPHAN : Kind.GOOD;
  }
}

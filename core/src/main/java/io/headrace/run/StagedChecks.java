package io.headrace.run;

import io.headrace.catalog.CheckResults.CheckResult;
import io.headrace.check.Check;
import io.headrace.check.CheckOutcome;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.CheckNode;
import io.headrace.plan.UnknownChecks;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the checks of staged versions, each once: what a check said of the same versions before is
 * not asked again. Safe for many threads.
 */
final class StagedChecks {
  private final RunContext context;
  private final Checking checking;

  StagedChecks(RunContext context, Bindings bindings) {
    this.context = context;
    this.checking =
        new Checking(
            context.workspace(), context.session(), context.plan().base().environment(), bindings);
  }

  /** The checks that are not known to hold for these versions. */
  List<CheckNode> unknown(List<CheckNode> nodes, Map<TableName, String> versions) {
    return UnknownChecks.of(nodes, versions, context.workspace().catalog().checkResults());
  }

  /** Asks those of the checks that are not known to hold. */
  List<CheckOutcome> run(List<CheckNode> nodes, Map<TableName, String> versions) {
    List<CheckOutcome> outcomes = new ArrayList<>();
    List<CheckResult> results = new ArrayList<>();
    for (CheckNode node : unknown(nodes, versions)) {
      context.cancel().throwIfRequested();
      CheckOutcome outcome = checking.ask(node, versions, context.cancel());
      outcomes.add(outcome);
      context.events().accept(new RunEvent.CheckFinished(outcome));
      if (node.isRepeatable() && outcome.error().isEmpty()) {
        boolean settled = outcome.passed() || node.check().severity() == Check.Severity.WARN;
        results.add(
            new CheckResult(Recipes.fingerprint(node, versions), settled, outcome.failures()));
      }
    }
    if (!results.isEmpty()) {
      context.workspace().catalog().checkResults().record(results);
    }
    return outcomes;
  }

  /** Has a check asked that looks at several tables. That this fails is its outcome, too. */
  List<CheckOutcome> outcome(CheckNode rule, Supplier<List<CheckOutcome>> asking) {
    try {
      return asking.get();
    } catch (CancelledException e) {
      return List.of();
    } catch (HeadraceException e) {
      return failed(rule, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      return failed(rule, "%s, which is a defect of Headrace: please report it".formatted(e));
    }
  }

  private List<CheckOutcome> failed(CheckNode rule, String why) {
    CheckOutcome failed = new CheckOutcome(rule.check(), false, -1, 0, Optional.empty(), why);
    context.events().accept(new RunEvent.CheckFinished(failed));
    return List.of(failed);
  }
}

package io.headrace.run;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.CheckResults.CheckResult;
import io.headrace.check.AnomalyRunner;
import io.headrace.check.Check;
import io.headrace.check.CheckOutcome;
import io.headrace.check.CheckRunner;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.CheckNode;
import io.headrace.graph.GraphBuilder;
import io.headrace.plan.UnknownChecks;
import io.headrace.table.TableData;
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
  private final Bindings bindings;

  StagedChecks(RunContext context, Bindings bindings) {
    this.context = context;
    this.bindings = bindings;
  }

  /** The checks that are not known to hold for these versions. */
  List<CheckNode> unknown(List<CheckNode> nodes, Map<TableName, String> versions) {
    return UnknownChecks.of(nodes, versions, context.workspace().catalog().checkResults());
  }

  /** Asks those of the checks that are not known to hold. Their tables must be bound. */
  List<CheckOutcome> run(List<CheckNode> nodes, Map<TableName, String> versions) {
    List<CheckOutcome> outcomes = new ArrayList<>();
    List<CheckResult> results = new ArrayList<>();
    for (CheckNode node : unknown(nodes, versions)) {
      context.cancel().throwIfRequested();
      CheckOutcome outcome = ask(node, versions);
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

  private CheckOutcome ask(CheckNode node, Map<TableName, String> versions) {
    Check check = node.check();
    Optional<TableData> own = check.table().flatMap(bindings::find);
    if (check.rule() instanceof Check.Anomalies) {
      String version = requireNonNull(versions.get(check.table().orElseThrow()));
      return new AnomalyRunner(context.session(), context.workspace().catalog().measurements())
          .run(
              check,
              own.orElseThrow(),
              version,
              context.plan().base().environment(),
              context.cancel());
    }
    String violations = GraphBuilder.violations(node, context.workspace().clock().instant());
    return new CheckRunner(context.session()).run(check, violations, own, context.cancel());
  }

  /** Asks a check that looks at several tables, and makes them readable first. */
  List<CheckOutcome> runRule(CheckNode rule, Map<TableName, String> versions) {
    rule.reads().forEach(table -> bindings.bind(table, requireNonNull(versions.get(table))));
    return run(List.of(rule), versions);
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

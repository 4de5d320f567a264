package io.headrace.run;

import io.headrace.catalog.Measurements;
import io.headrace.check.AnomalyRunner;
import io.headrace.check.Check;
import io.headrace.check.CheckOutcome;
import io.headrace.check.CheckRunner;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session;
import io.headrace.graph.CheckNode;
import io.headrace.graph.GraphBuilder;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Asks checks of versions, each as its rule is asked. Safe for many threads. */
public final class Checking {
  private final Session session;
  private final Bindings bindings;
  private final Measurements measurements;
  private final Clock clock;
  private final String environment;

  Checking(Workspace workspace, Session session, String environment, Bindings bindings) {
    this.session = session;
    this.bindings = bindings;
    this.measurements = workspace.catalog().measurements();
    this.clock = workspace.clock();
    this.environment = environment;
  }

  /**
   * Asks in a session, in which nothing else is bound.
   *
   * @param environment whose history counts
   */
  public Checking(Workspace workspace, Session session, String environment) {
    this(workspace, session, environment, new Bindings(new LoadedVersions(workspace), session));
  }

  /**
   * Asks a check.
   *
   * @param versions by table, of all tables that it reads
   */
  public CheckOutcome ask(CheckNode node, Map<TableName, String> versions, Cancellation cancel) {
    for (TableName table : node.reads()) {
      bindings.bind(table, version(versions, table));
    }
    Check check = node.check();
    Optional<TableData> own = check.table().flatMap(bindings::find);
    if (check.rule() instanceof Check.Anomalies) {
      String version = version(versions, check.table().orElseThrow());
      return new AnomalyRunner(session, measurements)
          .run(check, own.orElseThrow(), version, environment, cancel);
    }
    return new CheckRunner(session)
        .run(check, GraphBuilder.violations(node, clock.instant()), own, cancel);
  }

  private static String version(Map<TableName, String> versions, TableName table) {
    return Optional.ofNullable(versions.get(table)).orElseThrow();
  }
}

package io.headrace.server.access;

import io.headrace.access.Rights;
import io.headrace.access.Role;
import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Veil;
import io.headrace.graph.Graph;
import io.headrace.query.Reader;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.ServedProject;
import io.headrace.table.TableName;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What somebody sees of a project. Whatever reads for a request reads through this: what is kept
 * from somebody is not there for him. Writes go to the catalog itself, once the gate has let them
 * pass. Safe for many threads.
 */
public final class Sight {
  private final ServedProject served;
  private final String project;
  private final Rights rights;
  private final String name;

  Sight(ServedProject served, Visitor visitor) {
    this.served = served;
    this.project = served.name();
    this.rights = visitor.rights();
    this.name = visitor.name();
  }

  /** The catalog, for reading. */
  public Catalog catalog() {
    return new SeenCatalog(served.workspace().catalog(), this);
  }

  /** Environments and commits, with the tables of each that are seen. They only read. */
  public Environments environments() {
    return new SeenEnvironments(served.workspace().catalog().environments(), this);
  }

  /** Runs of environments that are seen. They only read. */
  public Runs runs() {
    return new SeenRuns(served.workspace().catalog().runs(), this);
  }

  /** Runs queries over a snapshot, behind the veils of its tables. */
  public Reader reader(Snapshot snapshot) {
    return new Reader(served.workspace(), snapshot, table -> veil(snapshot.environment(), table));
  }

  /** The versions of a table that were built for what is seen, newest first. */
  public List<Version> versions(TableName table, int limit) {
    List<Version> versions =
        served.workspace().catalog().versions().history(table.toString(), limit);
    Runs runs = runs();
    return seesAll()
        ? versions
        : versions.stream().filter(one -> runs.find(one.run()).isPresent()).toList();
  }

  /** The graph with the tables that are seen. */
  public Graph narrow(Graph graph, String environment) {
    return seesAllRows(environment) ? graph : graph.only(table -> sees(environment, table));
  }

  Snapshot narrow(Snapshot snapshot) {
    if (rights.seesAllRows(project, snapshot.environment())) {
      return snapshot;
    }
    SortedMap<TableName, String> seen = new TreeMap<>(snapshot.versions());
    seen.keySet().removeIf(table -> !sees(snapshot.environment(), table));
    return new Snapshot(snapshot.environment(), snapshot.commit(), seen);
  }

  public boolean sees(String environment) {
    return rights.sees(project, environment);
  }

  public boolean sees(String environment, TableName table) {
    return rights.sees(project, environment, table);
  }

  public boolean sees(OngoingRun run) {
    return sees(run.order().environment());
  }

  /** Whether all environments with all of their tables are seen. */
  public boolean seesAll() {
    return rights.seesAll(project);
  }

  /** Whether all tables of an environment are seen, and so code, which names them. */
  public boolean seesAllTables(String environment) {
    return rights.seesAllTables(project, environment);
  }

  /** Whether nothing is kept back, so that texts may be seen that can hold anything. */
  public boolean seesAllRows(String environment) {
    return rights.seesAllRows(project, environment);
  }

  /** Whether nothing is kept back in any environment. */
  public boolean seesAllRows() {
    return seesAll()
        && served.workspace().catalog().environments().list().stream()
            .allMatch(one -> seesAllRows(one.name()));
  }

  /** What is left of a table. */
  public Veil veil(String environment, TableName table) {
    return rights.veil(project, environment, table);
  }

  /** Whether all of an environment may be changed. */
  public boolean mayChange(String environment) {
    return rights.may(rights.changing(environment), project, environment);
  }

  /** Whether a run may be stopped: by who may change its environment, or asked for it. */
  public boolean mayCancel(OngoingRun run) {
    String environment = run.order().environment();
    return mayChange(environment) || (mayRun(environment) && run.order().author().equals(name));
  }

  /** Whether some tables may be built. */
  public boolean mayRun(String environment) {
    return rights.maySome(rights.changing(environment), project, environment);
  }

  /** Whether a table may be built. */
  public boolean mayRun(String environment, TableName table) {
    return rights.may(rights.changing(environment), project, environment, table);
  }

  /** Whether schedules may be told what to do. */
  public boolean mayOperate(String environment) {
    return rights.may(Role.OPERATOR, project, environment);
  }
}

package io.headrace.access;

import io.headrace.engine.Veil;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What somebody may do and see. A grant counts for what it covers; several count together, but each
 * by itself: two that cover half of the schemas each are no grant for an environment as a whole.
 * Immutable.
 */
public final class Rights {
  private static final Grant EVERYTHING =
      new Grant(new Who(List.of("*")), Role.ADMIN, Names.ALL, Names.ALL, Names.ALL);

  private final AccessRules rules;
  private final Set<String> who;
  private final List<Grant> grants;

  private Rights(AccessRules rules, Set<String> who, List<Grant> grants) {
    this.rules = rules;
    this.who = Set.copyOf(who);
    this.grants = List.copyOf(grants);
  }

  Rights(AccessRules rules, Set<String> who) {
    this(rules, who, rules.grants().stream().filter(g -> g.who().match(who)).toList());
  }

  /** Of whom nothing is kept from. */
  public static Rights all() {
    return new Rights(AccessRules.NONE, Set.of(), List.of(EVERYTHING));
  }

  /** The same rights, of each as much as the role may. */
  public Rights atMost(Role role) {
    return new Rights(rules, who, grants.stream().map(grant -> grant.atMost(role)).toList());
  }

  /** The most that he may do anywhere; empty for nothing. */
  public Optional<Role> most() {
    return grants.stream().map(Grant::role).max(Comparator.naturalOrder());
  }

  private Stream<Grant> grants(Role role) {
    return grants.stream().filter(grant -> grant.role().includes(role));
  }

  private Stream<Grant> grants(Role role, String project, String environment) {
    return grants(role).filter(grant -> grant.covers(project, environment));
  }

  /** Whether he may do on all of the server what the role may. */
  public boolean may(Role role) {
    return grants(role)
        .anyMatch(g -> g.projects().isAll() && g.environments().isAll() && g.schemas().isAll());
  }

  /** Whether he may do in some environment of the project, with some tables, what the role may. */
  public boolean may(Role role, String project) {
    return grants(role).anyMatch(grant -> grant.projects().match(project));
  }

  /** Whether he may do it in the environment with some tables. */
  public boolean maySome(Role role, String project, String environment) {
    return grants(role, project, environment).findAny().isPresent();
  }

  /** Whether he may do it in the environment with all of its tables. */
  public boolean may(Role role, String project, String environment) {
    return grants(role, project, environment).anyMatch(grant -> grant.schemas().isAll());
  }

  /** Whether he may do it with a table in the environment. */
  public boolean may(Role role, String project, String environment, TableName table) {
    return grants(role, project, environment).anyMatch(grant -> grant.covers(table));
  }

  /** The role that changes an environment. */
  public Role changing(String environment) {
    return rules.protectedEnvironments().match(environment) ? Role.OPERATOR : Role.EDITOR;
  }

  public boolean sees(String project) {
    return may(Role.VIEWER, project);
  }

  public boolean sees(String project, String environment) {
    return maySome(Role.VIEWER, project, environment);
  }

  /**
   * Whether he sees that there is such a table, and what is left of it for him. The rows that a
   * table rejects are whole, so that they are only there for who sees all of the table.
   */
  public boolean sees(String project, String environment, TableName table) {
    return may(Role.VIEWER, project, environment, table)
        && table.rejecting().map(other -> veil(project, environment, other).isEmpty()).orElse(true);
  }

  /** Whether he sees all environments of the project, with all of their tables. */
  public boolean seesAll(String project) {
    return grants(Role.VIEWER)
        .anyMatch(
            g -> g.projects().match(project) && g.environments().isAll() && g.schemas().isAll());
  }

  /** Whether he sees all tables of the environment, and so what their code says. */
  public boolean seesAllTables(String project, String environment) {
    return may(Role.VIEWER, project, environment);
  }

  /**
   * Whether nothing in any table of the environment is kept from him, so that he may also read
   * texts that could hold any of it, such as what a failed query says.
   */
  public boolean seesAllRows(String project, String environment) {
    return seesAllTables(project, environment)
        && (may(Role.ADMIN, project, environment)
            || (rules.filters().stream().noneMatch(f -> isFor(f.projects(), f.except(), project))
                && rules.masks().stream()
                    .noneMatch(m -> isFor(m.projects(), m.except(), project))));
  }

  private boolean isFor(Names projects, Who except, String project) {
    return projects.match(project) && !except.match(who);
  }

  /**
   * What is left of a table for him: all of it, or less. The first mask of a column counts. A table
   * that a mask names has to have its column: if that has another name now, its values would be
   * seen.
   */
  public Veil veil(String project, String environment, TableName table) {
    if (may(Role.ADMIN, project, environment, table)) {
      return Veil.NONE;
    }
    String name = table.toString();
    List<String> rows = new ArrayList<>();
    for (RowFilter filter : rules.filters()) {
      if (isFor(filter.projects(), filter.except(), project) && filter.tables().match(name)) {
        rows.add(filter.rows());
      }
    }
    SortedMap<String, String> columns = new TreeMap<>();
    SortedSet<String> needed = new TreeSet<>();
    for (Mask mask : rules.masks()) {
      if (isFor(mask.projects(), mask.except(), project) && mask.tables().match(name)) {
        String column = mask.column().toLowerCase(Locale.ROOT);
        columns.putIfAbsent(column, mask.as());
        if (mask.tables().name(name)) {
          needed.add(column);
        }
      }
    }
    return rows.isEmpty() && columns.isEmpty() ? Veil.NONE : new Veil(rows, columns, needed);
  }
}

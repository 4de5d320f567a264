package io.headrace.access;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;

/**
 * A role that somebody has.
 *
 * @param who has it
 * @param schemas of the tables that it is about; {@code default} are those without one
 */
public record Grant(Who who, Role role, Names projects, Names environments, Names schemas) {
  /** What tables without a schema are called where a schema has to be named. */
  public static final String DEFAULT_SCHEMA = "default";

  public Grant {
    requireNonNull(who, "who is null");
    requireNonNull(role, "role is null");
    requireNonNull(projects, "projects is null");
    requireNonNull(environments, "environments is null");
    requireNonNull(schemas, "schemas is null");
  }

  /** The same with no more than that role. */
  Grant atMost(Role most) {
    return most.includes(role) ? this : new Grant(who, most, projects, environments, schemas);
  }

  boolean covers(String project, String environment) {
    return projects.match(project) && environments.match(environment);
  }

  boolean covers(TableName table) {
    return schemas.match(table.schema().isEmpty() ? DEFAULT_SCHEMA : table.schema());
  }
}

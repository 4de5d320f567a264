package io.headrace.server.schedule;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.error.HeadraceException;
import io.headrace.identity.Hash;
import io.headrace.schedule.CatchUp;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Environments of branches: each branch is a schedule that is due when it has another commit, and
 * publishes to an environment of its own. So who runs it, and what became of it, is as of any
 * schedule. The environment goes when the branch does.
 */
final class Sandboxes {
  /** No schedule of a project has a name like that. */
  private static final String PREFIX = "branch ";

  private static final int HASH_LENGTH = 6;

  private Sandboxes() {}

  /** The schedules of branches with their commits. */
  static SortedMap<String, Schedule> schedules(SortedMap<String, String> branches) {
    SortedMap<String, Schedule> schedules = new TreeMap<>();
    branches.forEach(
        (branch, commit) ->
            schedules.put(
                PREFIX + branch,
                new Schedule(
                    PREFIX + branch,
                    "",
                    new Trigger.OnRevision(commit),
                    Optional.empty(),
                    List.of(),
                    environment(branch),
                    new TreeMap<>(),
                    CatchUp.LAST,
                    Schedule.DEFAULT_POOL,
                    0,
                    Optional.empty())));
    return schedules;
  }

  /** The environment of a branch. Two branches never have the same. */
  static String environment(String branch) {
    String tidy = branch.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
    String name = "branch-" + tidy;
    return tidy.equals(branch)
        ? name
        : name + "-" + Hash.of("branch").add(branch).text().substring(0, HASH_LENGTH);
  }

  /** Makes the environment of a branch, as main is, if it is not there. */
  static void open(Workspace workspace, Schedule schedule) {
    Environments environments = workspace.catalog().environments();
    if (environments.find(schedule.environment()).isEmpty()) {
      environments.create(
          schedule.environment(),
          Optional.of(environments.head(Environment.MAIN)),
          workspace.clock().instant());
    }
  }

  /**
   * Deletes what is of branches that are gone; another server may be faster. What is of branches
   * that only other servers have sandboxes of stays.
   */
  static void deleteGone(Workspace workspace, Set<String> branches) {
    Environments environments = workspace.catalog().environments();
    for (String name : workspace.catalog().schedules().all().keySet()) {
      if (name.startsWith(PREFIX) && !branches.contains(name.substring(PREFIX.length()))) {
        String environment = environment(name.substring(PREFIX.length()));
        try {
          if (environments.find(environment).isPresent()) {
            environments.delete(environment);
          }
        } catch (HeadraceException e) {
          // Then it is gone, or there is another occasion.
          continue;
        }
        workspace.catalog().schedules().remove(name);
      }
    }
  }
}

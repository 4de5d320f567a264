package io.headrace.erase;

import io.headrace.catalog.Version;
import io.headrace.table.TableName;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The rows that an erasure would take away, and what it would not reach.
 *
 * @param tables those that were named
 * @param seen all versions of them
 * @param affected those of them that hold such rows
 * @param notSearched those that have not all columns that the condition names
 * @param derived other tables that were made from what is affected, however indirectly
 * @param inputs other tables that the affected versions were made from
 * @param files of the project that the affected versions were made from, as far as they are there
 * @param outside things in outside systems that the affected versions were made from
 */
public record Found(
    SortedSet<TableName> tables,
    String condition,
    List<Version> seen,
    List<Affected> affected,
    List<Version> notSearched,
    List<Derived> derived,
    SortedSet<TableName> inputs,
    SortedSet<String> files,
    SortedSet<String> outside) {
  public Found {
    tables = new TreeSet<>(tables);
    seen = List.copyOf(seen);
    affected = List.copyOf(affected);
    notSearched = List.copyOf(notSearched);
    derived = List.copyOf(derived);
    inputs = new TreeSet<>(inputs);
    files = new TreeSet<>(files);
    outside = new TreeSet<>(outside);
  }

  /**
   * A version that holds such rows.
   *
   * @param rows how many
   * @param heads the environments that point at it now
   * @param commits those that made an environment point at it
   * @param isPinned whether it is pinned
   */
  public record Affected(
      Version version, long rows, List<String> heads, List<Long> commits, boolean isPinned) {
    public Affected {
      heads = List.copyOf(heads);
      commits = List.copyOf(commits);
    }
  }

  /**
   * A table that was not named, and whose versions were made from affected ones.
   *
   * @param versions how many
   * @param rows how many rows of them all meet the condition, or negative if they have not the
   *     columns for it
   */
  public record Derived(TableName table, int versions, long rows) {}

  /** How many rows, each counted in every version that holds it. */
  public long rows() {
    return affected.stream().mapToLong(Affected::rows).sum();
  }
}

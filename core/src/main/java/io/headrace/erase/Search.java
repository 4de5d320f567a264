package io.headrace.erase;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session;
import io.headrace.erase.Found.Affected;
import io.headrace.erase.Found.Derived;
import io.headrace.error.UsageException;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks for rows in every version that the catalog has. */
final class Search {
  private static final long NOT_SEARCHED = -1;

  private final Workspace workspace;
  private final Catalog catalog;
  private final String condition;
  private final Cancellation cancel;
  private final Map<String, List<String>> heads = new HashMap<>();
  private final Map<String, List<Long>> commits = new HashMap<>();

  Search(Workspace workspace, String condition, Cancellation cancel) {
    this.workspace = workspace;
    this.catalog = workspace.catalog();
    this.condition = condition;
    this.cancel = cancel;
  }

  Found find(SortedSet<TableName> tables) {
    SortedMap<TableName, List<Version>> versions = new TreeMap<>();
    for (Version version : catalog.versions().all()) {
      versions.computeIfAbsent(version.table(), table -> new ArrayList<>()).add(version);
    }
    readHistory();
    Set<String> pins = new HashSet<>(catalog.environments().pins());
    List<Version> seen = new ArrayList<>();
    List<Affected> affected = new ArrayList<>();
    List<Version> notSearched = new ArrayList<>();
    try (Session session = workspace.engine().open(workspace.root())) {
      for (TableName table : tables) {
        List<Version> own = versions.getOrDefault(table, List.of());
        seen.addAll(own);
        Map<Version, Long> counts = count(session, table, own);
        for (Version version : own) {
          long rows = counts.getOrDefault(version, 0L);
          if (rows == NOT_SEARCHED) {
            notSearched.add(version);
          } else if (rows > 0) {
            String id = version.id();
            affected.add(
                new Affected(
                    version,
                    rows,
                    heads.getOrDefault(id, List.of()),
                    commits.getOrDefault(id, List.of()).stream().sorted().toList(),
                    pins.contains(id)));
          }
        }
      }
      SortedSet<TableName> inputs = new TreeSet<>();
      SortedSet<String> files = new TreeSet<>();
      SortedSet<String> outside = new TreeSet<>();
      for (Affected version : affected) {
        readInputs(version.version(), inputs, files, outside);
      }
      inputs.removeAll(tables);
      List<Derived> derived = derived(session, versions, affected, tables);
      return new Found(
          tables, condition, seen, affected, notSearched, derived, inputs, files, outside);
    }
  }

  private void readHistory() {
    Environments environments = catalog.environments();
    for (Environment environment : environments.list()) {
      String name = environment.name();
      environments
          .head(name)
          .versions()
          .values()
          .forEach(id -> heads.computeIfAbsent(id, v -> new ArrayList<>()).add(name));
      for (Commit commit : environments.log(name, Integer.MAX_VALUE)) {
        environments
            .changes(commit.id())
            .forEach(
                change ->
                    change
                        .after()
                        .ifPresent(
                            id ->
                                commits
                                    .computeIfAbsent(id, v -> new ArrayList<>())
                                    .add(commit.id())));
      }
    }
  }

  /** How many such rows each version of a table has. */
  private Map<Version, Long> count(Session session, TableName table, List<Version> versions) {
    Map<Version, Long> counts = new HashMap<>();
    if (versions.isEmpty()) {
      return counts;
    }
    Version newest = versions.get(versions.size() - 1);
    Condition asked =
        new Condition(workspace.engine(), session, table, load(newest).schema(), condition);
    for (Version version : versions) {
      cancel.throwIfRequested();
      TableData data = load(version);
      boolean isReadable = asked.readable(data.schema()).isPresent();
      long rows = asked.count(data, cancel).values().stream().mapToLong(Long::longValue).sum();
      counts.put(version, isReadable ? rows : NOT_SEARCHED);
    }
    return counts;
  }

  private TableData load(Version version) {
    return workspace.tables().load(version.metadataLocation());
  }

  private void readInputs(
      Version version,
      SortedSet<TableName> tables,
      SortedSet<String> files,
      SortedSet<String> outside) {
    for (Input input : version.recipe().inputs()) {
      if (input.kind() == InputKind.TABLE) {
        tables.add(TableName.parse(input.name()));
      } else if (input.kind() == InputKind.POSITION) {
        outside.add(input.name());
      } else if (input.kind() == InputKind.FILE
          && Files.exists(workspace.root().resolve(input.name()))) {
        files.add(input.name());
      }
    }
  }

  /** The other tables with versions that were made from affected ones, or from such versions. */
  private List<Derived> derived(
      Session session,
      SortedMap<TableName, List<Version>> versions,
      List<Affected> affected,
      SortedSet<TableName> named) {
    Set<String> tainted = new HashSet<>();
    affected.forEach(version -> tainted.add(version.version().id()));
    boolean grows = true;
    while (grows) {
      grows = false;
      for (List<Version> ofTable : versions.values()) {
        for (Version version : ofTable) {
          boolean isMadeOf =
              version.recipe().inputs().stream()
                  .anyMatch(input -> tainted.contains(input.identity()));
          grows |= isMadeOf && tainted.add(version.id());
        }
      }
    }
    List<Derived> derived = new ArrayList<>();
    versions.forEach(
        (table, ofTable) -> {
          List<Version> made = ofTable.stream().filter(v -> tainted.contains(v.id())).toList();
          if (!named.contains(table) && !made.isEmpty()) {
            derived.add(new Derived(table, made.size(), rows(session, table, made)));
          }
        });
    return derived;
  }

  private long rows(Session session, TableName table, List<Version> versions) {
    try {
      return count(session, table, versions).values().stream()
          .mapToLong(rows -> Math.max(rows, 0))
          .sum();
    } catch (UsageException e) {
      // It has other columns.
      return NOT_SEARCHED;
    }
  }
}

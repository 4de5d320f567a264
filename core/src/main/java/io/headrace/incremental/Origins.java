package io.headrace.incremental;

import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Traces files that compaction made back to those that it read, which hold the same rows. A file is
 * made by one compaction only, so that the order in which they are undone makes no difference.
 */
final class Origins {
  private final List<Replacement> replacements = new ArrayList<>();

  /** One version before and after a compaction. */
  record Step(TableData before, TableData after) {}

  /** Files that took the place of others, all of one partition. */
  private record Replacement(Map<String, DataFile> old, Map<String, DataFile> made) {}

  /** Undoes the steps, of which the newest come first. */
  Origins(List<Step> steps) {
    for (Step step : steps) {
      Map<String, DataFile> old = byPath(step.before());
      Map<String, DataFile> made = byPath(step.after());
      made.keySet().removeAll(byPath(step.before()).keySet());
      old.keySet().removeAll(byPath(step.after()).keySet());
      byPartition(made.values())
          .forEach(
              (partition, files) ->
                  replacements.add(
                      new Replacement(
                          byPartition(old.values()).getOrDefault(partition, Map.of()), files)));
    }
  }

  /** The same rows in the oldest files that are known for them. */
  TableData trace(TableData data) {
    Map<String, DataFile> files = byPath(data);
    boolean found = true;
    while (found) {
      found = false;
      for (Replacement replacement : replacements) {
        if (files.keySet().containsAll(replacement.made().keySet())) {
          files.keySet().removeAll(replacement.made().keySet());
          files.putAll(replacement.old());
          found = true;
        }
      }
    }
    return new TableData(data.schema(), data.partitioning(), List.copyOf(files.values()));
  }

  private static Map<String, DataFile> byPath(TableData data) {
    Map<String, DataFile> files = new LinkedHashMap<>();
    data.files().forEach(file -> files.put(file.path(), file));
    return files;
  }

  private static Map<List<Optional<String>>, Map<String, DataFile>> byPartition(
      Collection<DataFile> files) {
    Map<List<Optional<String>>, Map<String, DataFile>> partitions = new LinkedHashMap<>();
    for (DataFile file : files) {
      partitions
          .computeIfAbsent(file.partition(), p -> new LinkedHashMap<>())
          .put(file.path(), file);
    }
    return partitions;
  }
}

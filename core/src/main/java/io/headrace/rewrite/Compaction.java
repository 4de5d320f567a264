package io.headrace.rewrite;

import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which files of a version are worth being made into one: small ones of one partition, if there are
 * several.
 *
 * @param groups files in their order, each group of one partition
 */
public record Compaction(List<Group> groups) {
  /**
   * From here on a file is large enough. To open one takes about as long as to read a megabyte of
   * it, so that larger files would not be read noticeably faster.
   */
  static final long SMALL_BYTES = 64L << 20;

  /** How large files become: as large as those that the engine writes. */
  static final long MOST_BYTES = 256L << 20;

  /** With fewer files in a partition there is too little to gain. */
  static final int LEAST_FILES = 8;

  public Compaction {
    groups = List.copyOf(groups);
  }

  /** Files of one partition that become one. */
  public record Group(List<DataFile> files) {
    public Group {
      files = List.copyOf(files);
    }

    long bytes() {
      return files.stream().mapToLong(DataFile::sizeBytes).sum();
    }

    long rows() {
      return files.stream().mapToLong(DataFile::rowCount).sum();
    }
  }

  /**
   * Chooses files of a version.
   *
   * @param leastFiles of a partition, to be worth it
   */
  static Compaction of(TableData data, int leastFiles) {
    Map<List<Optional<String>>, List<DataFile>> small = new LinkedHashMap<>();
    for (DataFile file : data.files()) {
      if (file.sizeBytes() < SMALL_BYTES) {
        small.computeIfAbsent(file.partition(), partition -> new ArrayList<>()).add(file);
      }
    }
    List<Group> groups = new ArrayList<>();
    for (List<DataFile> files : small.values()) {
      List<DataFile> worth = withoutMuchLarger(files);
      if (worth.size() >= leastFiles) {
        groups.addAll(groups(worth));
      }
    }
    return new Compaction(groups);
  }

  /**
   * Leaves out what is larger than all that would be added to it. So whenever a row is written
   * again, it comes into a file at least twice as large: that happens to it a few times, not with
   * each compaction of a table that goes on growing.
   */
  private static List<DataFile> withoutMuchLarger(List<DataFile> files) {
    List<DataFile> bySize = new ArrayList<>(files);
    bySize.sort(Comparator.comparingLong(DataFile::sizeBytes));
    long rest = files.stream().mapToLong(DataFile::sizeBytes).sum();
    int count = bySize.size();
    while (count > 0) {
      long size = bySize.get(count - 1).sizeBytes();
      rest -= size;
      if (size <= rest) {
        break;
      }
      count--;
    }
    Set<DataFile> kept = new HashSet<>(bySize.subList(0, count));
    return files.stream().filter(kept::contains).toList();
  }

  private static List<Group> groups(List<DataFile> files) {
    List<Group> groups = new ArrayList<>();
    List<DataFile> next = new ArrayList<>();
    long bytes = 0;
    for (DataFile file : files) {
      if (bytes + file.sizeBytes() > MOST_BYTES) {
        groups.add(new Group(next));
        next = new ArrayList<>();
        bytes = 0;
      }
      next.add(file);
      bytes += file.sizeBytes();
    }
    if (next.size() > 1) {
      groups.add(new Group(next));
    }
    return groups;
  }

  /** How many files are to become fewer. */
  public int files() {
    return groups.stream().mapToInt(group -> group.files().size()).sum();
  }

  public boolean isEmpty() {
    return groups.isEmpty();
  }
}

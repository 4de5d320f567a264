package io.headrace.run;

import io.headrace.error.UsageException;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionRange;
import io.headrace.table.TableData;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a backfill computes, chunk by chunk, and what it keeps. It depends on nothing but the
 * version and the range, so that the same backfill has the same chunks when it is begun again.
 *
 * @param chunks which together are the range, without a gap
 * @param kept the files of the version outside of the range
 * @param replaced the other files
 */
public record BackfillPlan(
    PartitionRange range, List<Chunk> chunks, List<DataFile> kept, List<DataFile> replaced) {
  /** Enough for all cores of most machines, and few enough to lose little between two. */
  private static final int MOST_CHUNKS = 64;

  public BackfillPlan {
    chunks = List.copyOf(chunks);
    kept = List.copyOf(kept);
    replaced = List.copyOf(replaced);
  }

  /**
   * A part of the range that is computed in one piece.
   *
   * @param partitions how many it has in the version that is there
   * @param rows how many rows they have
   */
  public record Chunk(PartitionRange range, long partitions, long rows) {}

  /**
   * Plans a backfill of a version.
   *
   * @throws UsageException if the table has no partitions of such names
   */
  public static BackfillPlan of(Backfill backfill, TableData data) {
    PartitionOrder order = PartitionOrder.of(backfill, data);
    String from = order.parse(backfill.from());
    String to = order.parse(backfill.to());
    if (order.compare(from, to) > 0) {
      throw new UsageException(
          "Invalid range: '%s' is behind '%s'".formatted(backfill.from(), backfill.to()),
          "Give the first partition with --from, and the last with --to");
    }
    PartitionRange range = new PartitionRange(order.field(), from, to, true);
    List<DataFile> kept = new ArrayList<>();
    List<DataFile> replaced = new ArrayList<>();
    for (DataFile file : data.files()) {
      (isIn(range, order, file) ? replaced : kept).add(file);
    }
    return new BackfillPlan(
        range, chunks(ranges(range, order, replaced), order, replaced), kept, replaced);
  }

  private static boolean isIn(PartitionRange range, PartitionOrder order, DataFile file) {
    Optional<String> value = file.partition().get(order.index());
    return value.isPresent()
        && order.compare(value.get(), range.from()) >= 0
        && order.compare(value.get(), range.to()) < (range.isClosed() ? 1 : 0);
  }

  /** Says what each range has now. */
  private static List<Chunk> chunks(
      List<PartitionRange> ranges, PartitionOrder order, List<DataFile> files) {
    NavigableMap<String, List<DataFile>> byStart = new TreeMap<>(order);
    ranges.forEach(range -> byStart.put(range.from(), new ArrayList<>()));
    for (DataFile file : files) {
      byStart.floorEntry(file.partition().get(order.index()).orElseThrow()).getValue().add(file);
    }
    return ranges.stream()
        .map(range -> chunk(range, byStart.getOrDefault(range.from(), List.of())))
        .toList();
  }

  private static Chunk chunk(PartitionRange range, List<DataFile> inside) {
    return new Chunk(
        range,
        inside.stream().map(DataFile::partition).distinct().count(),
        inside.stream().mapToLong(DataFile::rowCount).sum());
  }

  private static List<PartitionRange> ranges(
      PartitionRange range, PartitionOrder order, List<DataFile> files) {
    return range.field().transform().isCalendar()
        ? unitsOfTime(range)
        : betweenValues(range, order, files);
  }

  private static List<PartitionRange> unitsOfTime(PartitionRange range) {
    List<PartitionRange> ranges = new ArrayList<>();
    long last = Long.parseLong(range.to());
    long size = size(last - Long.parseLong(range.from()) + 1);
    for (long start = Long.parseLong(range.from()); start <= last; start += size) {
      long end = Math.min(last, start + size - 1);
      ranges.add(
          new PartitionRange(range.field(), String.valueOf(start), String.valueOf(end), true));
    }
    return ranges;
  }

  /**
   * Which values there will be is not known; those that there are cut the range well enough. Each
   * piece ends where the next begins, so that a value between is in one of them.
   */
  private static List<PartitionRange> betweenValues(
      PartitionRange range, PartitionOrder order, List<DataFile> files) {
    SortedSet<String> values = new TreeSet<>(order);
    files.forEach(file -> file.partition().get(order.index()).ifPresent(values::add));
    List<String> sorted = List.copyOf(values);
    int size = (int) size(sorted.size());
    List<PartitionRange> ranges = new ArrayList<>();
    String start = range.from();
    for (int i = size; i < sorted.size(); i += size) {
      ranges.add(new PartitionRange(range.field(), start, sorted.get(i), false));
      start = sorted.get(i);
    }
    ranges.add(new PartitionRange(range.field(), start, range.to(), true));
    return ranges;
  }

  private static long size(long partitions) {
    return Math.max(1, (partitions + MOST_CHUNKS - 1) / MOST_CHUNKS);
  }
}

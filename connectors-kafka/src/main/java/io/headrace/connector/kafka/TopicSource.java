package io.headrace.connector.kafka;

import io.headrace.connector.Position;
import io.headrace.connector.RowsGoneException;
import io.headrace.connector.Source;
import io.headrace.connector.Staged;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.jspecify.annotations.Nullable;

/** The messages of a topic. */
final class TopicSource implements Source {
  /** With more, fetching would be what takes longest. */
  private static final int WORKERS = Math.min(3, Runtime.getRuntime().availableProcessors());

  private final TopicSettings settings;
  private final ClientSettings client;
  private final Supplier<Optional<MessageFields>> fields;
  private final Failures failures;
  private @Nullable Cluster cluster;

  /**
   * @param fields makes what takes the fields of messages, for one thread each; nothing if they are
   *     text
   */
  TopicSource(
      TopicSettings settings, ClientSettings client, Supplier<Optional<MessageFields>> fields) {
    this.settings = settings;
    this.client = client;
    this.fields = fields;
    this.failures = Failures.reading(client);
  }

  @Override
  public List<DeclaredColumn> columns() {
    return settings.columns();
  }

  @Override
  public boolean mayStayOpen() {
    return true;
  }

  @Override
  public OptionalLong behind(List<Position> read, Cancellation cancel) {
    cluster().endsWith(cancel);
    Cluster.Topic topic = cluster().topic();
    SortedMap<Integer, Known> known = known(topic, read, true);
    SortedMap<Integer, Long> first = cluster().offsets(topic.partitions(), OffsetSpec.earliest());
    long behind = 0;
    for (Map.Entry<Integer, Long> end :
        cluster().offsets(topic.partitions(), OffsetSpec.latest()).entrySet()) {
      Known before = known.get(end.getKey());
      long oldest = offset(first, end.getKey());
      behind += Math.max(0, end.getValue() - (before == null ? oldest : before.upTo()));
    }
    return OptionalLong.of(behind);
  }

  @Override
  public List<Position> positions(List<Position> known, boolean afresh, Cancellation cancel) {
    cluster().endsWith(cancel);
    Cluster.Topic topic = cluster().topic();
    SortedMap<Integer, Known> read = known(topic, known, afresh);
    SortedMap<Integer, Long> first = cluster().offsets(topic.partitions(), OffsetSpec.earliest());
    SortedMap<Integer, Long> end = cluster().offsets(topic.partitions(), OffsetSpec.latest());
    SortedMap<Integer, Long> start = read.isEmpty() ? start(topic.partitions(), first, end) : first;
    List<Backlog> backlogs = new ArrayList<>();
    for (int partition : topic.partitions()) {
      Known before = read.get(partition);
      long oldest = offset(first, partition);
      long from = before == null ? offset(start, partition) : before.part().from();
      // What is gone of a version that is made again is not asked for; else reading it says so.
      from = afresh ? Math.max(from, oldest) : from;
      long upTo = before == null ? from : Math.max(from, before.upTo());
      long last = offset(end, partition);
      if (last < upTo && !afresh) {
        throw madeAgain("ends at offset %d, and was read up to %d".formatted(last, upTo));
      }
      Part part = new Part(settings.topic(), topic.id(), partition, from);
      backlogs.add(new Backlog(part, Math.min(upTo, Math.max(from, last)), Math.max(from, last)));
    }
    return Backlog.batch(backlogs);
  }

  /**
   * How far a partition was read.
   *
   * @param upTo the offset behind the last message
   */
  private record Known(Part part, long upTo) {}

  /** What was read of this topic. */
  private SortedMap<Integer, Known> known(
      Cluster.Topic topic, List<Position> known, boolean afresh) {
    SortedMap<Integer, Known> read = new TreeMap<>();
    for (Position position : known) {
      Part.of(position)
          .filter(part -> part.topic().equals(settings.topic()))
          .ifPresent(
              part -> {
                if (part.topicId().equals(topic.id())) {
                  read.put(part.partition(), new Known(part, Long.parseLong(position.value())));
                } else if (!afresh) {
                  throw madeAgain("is another one than was read");
                }
              });
    }
    return read;
  }

  private HeadraceException madeAgain(String how) {
    return new RowsGoneException(
        "The topic '%s' %s: was it deleted and made again?".formatted(settings.topic(), how),
        "To give up the rows that were read, and begin with what there is: `headrace run --refresh=TABLE`");
  }

  /** Where partitions begin, when no version says so. */
  private SortedMap<Integer, Long> start(
      List<Integer> partitions, SortedMap<Integer, Long> first, SortedMap<Integer, Long> end) {
    if (settings.start() instanceof TopicSettings.Start.Earliest) {
      return first;
    }
    if (settings.start() instanceof TopicSettings.Start.At at) {
      SortedMap<Integer, Long> start = new TreeMap<>();
      cluster()
          .offsets(partitions, OffsetSpec.forTimestamp(at.epochMillis()))
          .forEach(
              (partition, offset) ->
                  start.put(partition, offset < 0 ? offset(end, partition) : offset));
      return start;
    }
    SortedMap<Integer, Long> start = new TreeMap<>(end);
    if (settings.start() instanceof TopicSettings.Start.Offset each) {
      start.replaceAll((partition, offset) -> each.offset());
    } else if (settings.start() instanceof TopicSettings.Start.Offsets some) {
      start.putAll(first);
      start.putAll(some.offsets());
    }
    start.forEach((partition, offset) -> requireReached(partition, offset, end));
    return start;
  }

  /** A partition that begins behind its end would leave out what is yet to come. */
  private void requireReached(int partition, long offset, SortedMap<Integer, Long> end) {
    Long last = end.get(partition);
    if (last == null || offset > last) {
      throw new HeadraceException(
          last == null
              ? "The topic '%s' has no partition %d".formatted(settings.topic(), partition)
              : "Partition %d of the topic '%s' ends at offset %d, and is to be read from %d"
                  .formatted(partition, settings.topic(), last, offset),
          "Correct `start`, or say `start: latest`");
    }
  }

  private static long offset(SortedMap<Integer, Long> offsets, int partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  @Override
  public Staged read(List<Position> after, List<Position> upTo, Path folder, Cancellation cancel) {
    cancel.throwIfRequested();
    cluster().endsWith(cancel);
    List<Range> ranges = ranges(after, upTo);
    if (!ranges.isEmpty()) {
      requireThere(ranges);
    }
    try (RowWorkers workers =
        new RowWorkers(
            folder, WORKERS, (good, bad) -> new MessageRows(settings, fields.get(), good, bad))) {
      if (!ranges.isEmpty()) {
        new RangeReader(client, failures, workers, cancel).read(ranges);
      }
      return workers.finish(columns());
    } catch (IOException e) {
      throw failures.writing(e);
    }
  }

  private static List<Range> ranges(List<Position> after, List<Position> upTo) {
    Map<String, Long> begun = new HashMap<>();
    after.forEach(position -> begun.put(position.part(), Long.parseLong(position.value())));
    List<Range> ranges = new ArrayList<>();
    for (Position position : upTo) {
      Part part =
          Part.of(position)
              .orElseThrow(
                  () ->
                      new HeadraceException(
                          "'%s' is no part of a topic".formatted(position.part()),
                          "Was the table read from somewhere else before? Then make it again with"
                              + " `--refresh`"));
      long first = begun.getOrDefault(position.part(), part.from());
      long end = Long.parseLong(position.value());
      if (first < end) {
        ranges.add(new Range(part, first, end));
      }
    }
    return ranges;
  }

  private void requireThere(List<Range> ranges) {
    Cluster.Topic topic = cluster().topic();
    if (!topic.id().equals(ranges.get(0).part().topicId())) {
      throw madeAgain("is another one than was read");
    }
    SortedMap<Integer, Long> first = cluster().offsets(topic.partitions(), OffsetSpec.earliest());
    ranges.forEach(range -> range.requireThere(offset(first, range.part().partition())));
  }

  private Cluster cluster() {
    Cluster known = cluster;
    if (known == null) {
      known = Cluster.connect(client, failures, settings.topic());
      cluster = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (cluster != null) {
      cluster.close();
    }
  }
}

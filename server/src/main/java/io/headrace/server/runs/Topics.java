package io.headrace.server.runs;

import io.headrace.connector.Connection;
import io.headrace.connector.Publisher;
import io.headrace.error.HeadraceException;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.workspace.FileStamps;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The topics that the tables of a project read, and who takes events for them. Files that change
 * are read again after a while, by one thread while the others go on with what is known; if they
 * are wrong, what they said before holds. Safe for many threads; closing it waits for what was
 * handed over.
 */
public final class Topics implements AutoCloseable {
  /** How long nobody looks whether files changed. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final String TOPIC = "topic";

  private final Supplier<Workspace> workspace;
  private final Function<Workspace, Project> reader;
  private final ReentrantLock looking = new ReentrantLock();
  private final SortedMap<String, Opened> opened = new TreeMap<>();
  private volatile @Nullable Known known;
  private boolean isClosed;

  /** One for each connection. */
  private record Opened(Connection connection, Publisher publisher) {}

  /**
   * What was found.
   *
   * @param files the state of the files that were read
   * @param at when somebody looked at them
   */
  private record Known(SortedMap<String, Publisher> publishers, String files, Instant at) {}

  /**
   * @param workspace the project as it is when it is asked for
   * @param reader reads it
   */
  public Topics(Supplier<Workspace> workspace, Function<Workspace, Project> reader) {
    this.workspace = workspace;
    this.reader = reader;
  }

  /**
   * The topics that tables read, by name.
   *
   * @throws HeadraceException if it is not clear where one of them is
   */
  public static SortedMap<String, Task.External> of(Project project) {
    SortedMap<String, Task.External> topics = new TreeMap<>();
    for (Task task : project.tasks().values()) {
      if (task.body() instanceof Task.External external && external.settings().containsKey(TOPIC)) {
        String name = external.settings().getOrDefault(TOPIC, "");
        Task.External other = topics.putIfAbsent(name, external);
        if (other != null && !other.connection().name().equals(external.connection().name())) {
          throw new HeadraceException(
              "%s: The topic '%s' is read from '%s' and from '%s'"
                  .formatted(
                      external.at(), name, other.connection().name(), external.connection().name()),
              "An event for it could go to either: give one of them another name");
        }
      }
    }
    return topics;
  }

  /**
   * Who takes the events of a topic, by its name.
   *
   * @throws HeadraceException if the project cannot be read, and never could
   */
  public SortedMap<String, Publisher> publishers() {
    Known there = known;
    if (there == null) {
      looking.lock();
    } else if (!isOld(there) || !looking.tryLock()) {
      return there.publishers();
    }
    try {
      // Whoever had the lock before may have looked.
      Known now = known;
      if (now == null || isOld(now)) {
        now = look(now);
        known = now;
      }
      return now.publishers();
    } finally {
      looking.unlock();
    }
  }

  private boolean isOld(Known there) {
    return !workspace.get().clock().instant().minus(LOOK).isBefore(there.at());
  }

  private Known look(@Nullable Known before) {
    Workspace now = workspace.get();
    Instant at = now.clock().instant();
    String files = now.revision().orElseGet(() -> FileStamps.of(now.root()).hash());
    if (isClosed) {
      return new Known(Collections.emptySortedMap(), files, at);
    }
    if (before != null && before.files().equals(files)) {
      return new Known(before.publishers(), files, at);
    }
    try {
      return new Known(open(now), files, at);
    } catch (HeadraceException e) {
      if (before == null) {
        throw e;
      }
      return new Known(before.publishers(), files, at);
    }
  }

  private SortedMap<String, Publisher> open(Workspace now) {
    SortedMap<String, Task.External> topics = of(reader.apply(now));
    SortedMap<String, Publisher> publishers = new TreeMap<>();
    topics.forEach((topic, external) -> publishers.put(topic, publisher(now, external)));
    opened.values().removeIf(each -> closeUnused(each, publishers.values()));
    return Collections.unmodifiableSortedMap(publishers);
  }

  private static boolean closeUnused(Opened one, Collection<Publisher> used) {
    boolean isUnused = !used.contains(one.publisher());
    if (isUnused) {
      one.publisher().close();
    }
    return isUnused;
  }

  private Publisher publisher(Workspace now, Task.External external) {
    Connection connection = external.connection();
    Opened there = opened.get(connection.name());
    if (there != null && there.connection().equals(connection)) {
      return there.publisher();
    }
    Publisher publisher = now.connectors().openPublisher(external);
    opened.put(connection.name(), new Opened(connection, publisher));
    if (there != null) {
      there.publisher().close();
    }
    return publisher;
  }

  @Override
  public void close() {
    looking.lock();
    try {
      isClosed = true;
      known = null;
      opened.values().forEach(each -> each.publisher().close());
      opened.clear();
    } finally {
      looking.unlock();
    }
  }
}

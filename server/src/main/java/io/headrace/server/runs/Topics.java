package io.headrace.server.runs;

import io.headrace.connector.Connection;
import io.headrace.connector.Publisher;
import io.headrace.error.HeadraceException;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The topics that the tables of a project read, and who takes events for them. What the project
 * says is looked at again now and then; if it is wrong, what it said before holds. Safe for many
 * threads; closing it waits for what was handed over.
 */
public final class Topics implements AutoCloseable {
  /** How long what the project says is not looked at again. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final String TOPIC = "topic";

  private final Supplier<Workspace> workspace;
  private final SortedMap<String, Opened> opened = new TreeMap<>();
  private SortedMap<String, Publisher> publishers = Collections.emptySortedMap();
  private Instant look = Instant.MIN;

  /** One for each connection. */
  private record Opened(Connection connection, Publisher publisher) {}

  /**
   * @param workspace the project as it is when it is asked for
   */
  public Topics(Supplier<Workspace> workspace) {
    this.workspace = workspace;
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
  public synchronized SortedMap<String, Publisher> publishers() {
    Workspace now = workspace.get();
    Instant time = now.clock().instant();
    if (time.isAfter(look.plus(LOOK)) || time.isBefore(look)) {
      boolean isFirst = look.equals(Instant.MIN);
      look = time;
      try {
        open(now);
      } catch (HeadraceException e) {
        if (isFirst) {
          look = Instant.MIN;
          throw e;
        }
      }
    }
    return publishers;
  }

  private void open(Workspace now) {
    SortedMap<String, Publisher> byTopic = new TreeMap<>();
    Set<String> used = new HashSet<>();
    of(now.readProject())
        .forEach(
            (topic, external) -> {
              used.add(external.connection().name());
              byTopic.put(topic, publisher(now, external));
            });
    publishers = Collections.unmodifiableSortedMap(byTopic);
    opened
        .entrySet()
        .removeIf(
            entry -> {
              boolean isOver = !used.contains(entry.getKey());
              if (isOver) {
                entry.getValue().publisher().close();
              }
              return isOver;
            });
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
  public synchronized void close() {
    publishers = Collections.emptySortedMap();
    opened.values().forEach(each -> each.publisher().close());
    opened.clear();
  }
}

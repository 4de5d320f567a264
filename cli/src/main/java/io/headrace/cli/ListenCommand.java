package io.headrace.cli;

import io.headrace.connector.Publisher;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.server.TopicEndpoint;
import io.headrace.server.WebhookServer;
import io.headrace.workspace.Workspace;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headrace listen}: take events over HTTP for the topics that the project reads. */
@Command(
    name = "listen",
    description = "Take events over HTTP for the topics that tables read; Ctrl-C ends it.",
    sortOptions = false)
final class ListenCommand extends ProjectCommand {
  private static final String TOPIC = "topic";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port on 127.0.0.1; 0 is any that is free (default: 8077)")
  private int port = 8077;

  ListenCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) throws InterruptedException {
    BrokerCommand.requirePort(port);
    SortedMap<String, Task.External> topics = topics(workspace.readProject());
    Cancellation cancel = new Cancellation();
    CountDownLatch asked = new CountDownLatch(1);
    try (StopHook hook = StopHook.requesting(cancel);
        Cancellation.Registration registration = cancel.onRequest(asked::countDown);
        Publishers publishers = new Publishers(workspace, topics)) {
      TopicEndpoint endpoint = new TopicEndpoint(publishers.byTopic());
      try (WebhookServer server = WebhookServer.start(port, endpoint)) {
        tell(topics, server.port());
        asked.await();
      }
      console().err().println("Took %s".formatted(Texts.count(endpoint.taken(), "event")));
    }
    return 0;
  }

  private void tell(SortedMap<String, Task.External> topics, int port) {
    String address = "http://127.0.0.1:%d/topics/".formatted(port);
    console()
        .out()
        .println(
            "Taking events for %s; Ctrl-C ends it".formatted(Texts.count(topics.size(), "topic")));
    topics.keySet().forEach(topic -> console().out().println("  POST " + address + topic));
    console().out().flush();
  }

  /** The topics that tables read, by name. */
  private static SortedMap<String, Task.External> topics(Project project) {
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
    if (topics.isEmpty()) {
      throw new HeadraceException(
          "No table reads a topic, so that nobody would see an event",
          "Add a source with `kafka: CONNECTION` and `topic: NAME`");
    }
    return topics;
  }

  /** One for each connection. */
  private static final class Publishers implements AutoCloseable {
    private final SortedMap<String, Publisher> byConnection = new TreeMap<>();
    private final SortedMap<String, Publisher> byTopic = new TreeMap<>();

    Publishers(Workspace workspace, SortedMap<String, Task.External> topics) {
      topics.forEach(
          (topic, external) ->
              byTopic.put(
                  topic,
                  byConnection.computeIfAbsent(
                      external.connection().name(),
                      name -> workspace.connectors().openPublisher(external))));
    }

    SortedMap<String, Publisher> byTopic() {
      return byTopic;
    }

    @Override
    public void close() {
      byConnection.values().forEach(Publisher::close);
    }
  }
}

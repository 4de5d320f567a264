package io.headrace.cli;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.server.WebhookServer;
import io.headrace.server.runs.Topics;
import io.headrace.server.topic.TopicEndpoint;
import io.headrace.workspace.Workspace;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headrace listen}: take events over HTTP for the topics that the project reads. */
@Command(
    name = "listen",
    description = "Take events over HTTP for the topics that tables read; Ctrl-C ends it.",
    sortOptions = false)
final class ListenCommand extends ProjectCommand {
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
        Topics taking = new Topics(() -> workspace, Workspace::readProject)) {
      // The first event shall not wait longer than others.
      var unused = taking.publishers();
      TopicEndpoint endpoint = TopicEndpoint.of(taking);
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

  private static SortedMap<String, Task.External> topics(Project project) {
    SortedMap<String, Task.External> topics = Topics.of(project);
    if (topics.isEmpty()) {
      throw new HeadraceException(
          "No table reads a topic, so that nobody would see an event",
          "Add a source with `kafka: CONNECTION` and `topic: NAME`");
    }
    return topics;
  }
}

package io.headrace.server;

import io.headrace.engine.Cancellation;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.command.CommandRunner;
import io.headrace.server.runs.ServedProject;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Says what it was asked for: {@code echo WORD...} prints the words, {@code wait} goes on until it
 * is cancelled, and {@code flood} prints more than is kept.
 */
final class EchoCommands implements CommandRunner {
  private static final int MEGABYTES = 20;

  static CommandDesk desk() {
    return new CommandDesk(new EchoCommands(), Clock.systemUTC());
  }

  @Override
  public int execute(
      ServedProject project,
      List<String> arguments,
      Asker asked,
      PrintStream out,
      PrintStream err,
      Cancellation cancel) {
    switch (arguments.get(0)) {
      case "wait" -> {
        err.println("waiting");
        err.flush();
        return await(cancel);
      }
      case "flood" -> {
        // A line takes two bytes.
        for (int i = 0; i < MEGABYTES << 19; i++) {
          out.println(i % 10);
        }
        return 0;
      }
      default -> {
        arguments.subList(1, arguments.size()).forEach(out::println);
        err.println("for " + asked.name() + " in " + asked.zone() + " of " + project.name());
        return 7;
      }
    }
  }

  private static int await(Cancellation cancel) {
    CountDownLatch asked = new CountDownLatch(1);
    try (Cancellation.Registration registration = cancel.onRequest(asked::countDown)) {
      asked.await();
      return 130;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

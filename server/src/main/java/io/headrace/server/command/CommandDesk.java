package io.headrace.server.command;

import io.headrace.engine.Cancellation;
import io.headrace.error.ConflictException;
import io.headrace.server.route.Need;
import io.headrace.server.runs.ReadLimit;
import io.headrace.server.runs.ServedProject;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Takes commands for projects, and remembers what became of them. Safe for many threads. */
public final class CommandDesk implements AutoCloseable {
  /** Commands that are over and still remembered. */
  private static final int MOST_OVER = 50;

  private static final long MOST_SECONDS_TO_STOP = 15;

  private final CommandRunner runner;
  private final Clock clock;
  private final ReadLimit reading;
  private final Cancellation closing = new Cancellation();
  private final Map<Key, OngoingCommand> commands = new LinkedHashMap<>();
  private final Deque<Key> over = new ArrayDeque<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "headrace-command");
            thread.setDaemon(true);
            return thread;
          });

  public CommandDesk(CommandRunner runner, Clock clock) {
    this(runner, clock, ReadLimit.USUAL);
  }

  /**
   * @param reading how long a command goes on that only reads rows
   */
  public CommandDesk(CommandRunner runner, Clock clock, ReadLimit reading) {
    this.runner = runner;
    this.clock = clock;
    this.reading = reading;
  }

  /** How long a command goes on that only reads rows; so does all else of the server. */
  public ReadLimit reading() {
    return reading;
  }

  /** What somebody has to be to start a command. */
  public List<Need> needs(ServedProject project, List<String> arguments) {
    return runner.needs(project, arguments);
  }

  /**
   * Starts a command, and returns at once. If the name is known, what it names is returned instead.
   *
   * @param id a name that nobody else gives to another command
   * @param needs what has to be of who asks, and was found to be
   * @throws ConflictException if the name is that of another command
   */
  public OngoingCommand start(
      ServedProject project,
      String id,
      List<String> arguments,
      List<Need> needs,
      CommandRunner.Asker asker) {
    runner.require(arguments);
    Key key = new Key(project.name(), id);
    Cancellation.Child child = closing.child();
    OngoingCommand command;
    synchronized (this) {
      OngoingCommand known = commands.get(key);
      if (known != null) {
        child.close();
        return same(known, arguments, asker);
      }
      command =
          new OngoingCommand(
              id, arguments, asker.name(), clock.instant(), child.cancellation(), needs);
      commands.put(key, command);
    }
    threads.execute(
        () -> {
          try (child) {
            carryOut(project, command, asker);
          } finally {
            forget(key);
          }
        });
    return command;
  }

  private static OngoingCommand same(
      OngoingCommand known, List<String> arguments, CommandRunner.Asker asker) {
    if (!known.arguments().equals(arguments) || !known.author().equals(asker.name())) {
      throw new ConflictException(
          "The key of this request is that of another command",
          "Give each request a key of its own");
    }
    return known;
  }

  private void carryOut(ServedProject project, OngoingCommand command, CommandRunner.Asker asker) {
    int code = 1;
    PrintStream out = command.stream(OngoingCommand.Channel.OUT);
    PrintStream err = command.stream(OngoingCommand.Channel.ERR);
    try (Cancellation.Registration alarm = alarm(command)) {
      code = runner.execute(project, command.arguments(), asker, out, err, command.cancellation());
    } finally {
      out.flush();
      err.flush();
      command.over(code);
    }
  }

  private Cancellation.Registration alarm(OngoingCommand command) {
    return runner.onlyReadsRows(command.arguments())
        ? reading.start(command.cancellation())
        : () -> {};
  }

  private synchronized void forget(Key key) {
    over.add(key);
    while (over.size() > MOST_OVER) {
      commands.remove(over.remove());
    }
  }

  /** Commands on a project that go on, or were over not long ago, oldest first. */
  public synchronized List<OngoingCommand> list(ServedProject project) {
    return commands.entrySet().stream()
        .filter(entry -> entry.getKey().project().equals(project.name()))
        .map(Map.Entry::getValue)
        .toList();
  }

  public synchronized Optional<OngoingCommand> find(ServedProject project, String id) {
    return Optional.ofNullable(commands.get(new Key(project.name(), id)));
  }

  /** Asks all commands to stop, and waits for them a while. */
  @Override
  public void close() {
    closing.request("the server stops");
    threads.shutdown();
    try {
      boolean unused = threads.awaitTermination(MOST_SECONDS_TO_STOP, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Key(String project, String id) {}
}

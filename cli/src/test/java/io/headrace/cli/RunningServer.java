package io.headrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** {@code headrace serve} of a folder, in this process, until closed. */
final class RunningServer implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("at (http://\\S+);");
  private static final int MOST_LOOKS = 1_000;
  private static final int LOOK_MILLIS = 20;

  private final ServeCommand command;
  private final Thread thread;
  private final String address;

  RunningServer(Path folder, Clock clock) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, UTF_8);
    this.command =
        new ServeCommand(new Console(out, out, false, folder, clock, ZoneOffset.UTC, "server"));
    this.thread =
        new Thread(() -> new CommandLine(command).execute("--port", "0", "--no-schedules"));
    thread.start();
    Matcher matcher = ADDRESS.matcher("");
    for (int i = 0; i < MOST_LOOKS && !matcher.find(); i++) {
      sleep();
      matcher = ADDRESS.matcher(said.toString(UTF_8));
    }
    matcher.reset();
    if (!matcher.find()) {
      throw new AssertionError("No server: " + said.toString(UTF_8));
    }
    this.address = matcher.group(1);
  }

  private static void sleep() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String address() {
    return address;
  }

  @Override
  public void close() {
    command.cancel().request("the test is over");
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

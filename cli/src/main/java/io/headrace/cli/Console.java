package io.headrace.cli;

import io.headrace.engine.Cancellation;
import io.headrace.error.UsageException;
import io.headrace.server.runs.ServedProject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a command sees of the world, so that a test can show it another.
 *
 * @param out for results
 * @param err for errors, hints and progress
 * @param isInteractive whether a person watches and can answer
 * @param folder that relative paths start at
 * @param user who makes commits
 * @param served the project that commands work on, if a server has it open
 */
record Console(
    PrintStream out,
    PrintStream err,
    boolean isInteractive,
    Path folder,
    Clock clock,
    ZoneId zone,
    String user,
    Optional<Served> served) {

  /** One of a process that does a single command. */
  Console(
      PrintStream out,
      PrintStream err,
      boolean isInteractive,
      Path folder,
      Clock clock,
      ZoneId zone,
      String user) {
    this(out, err, isInteractive, folder, clock, zone, user, Optional.empty());
  }

  /**
   * What a server does a command with.
   *
   * @param cancel is requested when the command shall stop
   */
  record Served(ServedProject project, Cancellation cancel) {}

  /** Asks a command to stop; in a process of its own, the end of the process does. */
  Cancellation cancellation() {
    return served.map(Served::cancel).orElseGet(Cancellation::never);
  }

  /** Refuses what has no meaning where a server does the command. */
  void requireHere(boolean isWanted, String what, String instead) {
    if (isWanted && served.isPresent()) {
      throw new UsageException("A server takes no " + what, instead);
    }
  }

  /** The line that the user types next, without blanks around it; empty at the end of input. */
  String answer() {
    StringBuilder line = new StringBuilder();
    try {
      for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
        line.append((char) c);
      }
    } catch (IOException e) {
      return "";
    }
    return line.toString().strip();
  }

  /** All of standard input. */
  String standardInput() throws IOException {
    return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Says what went wrong and how to go on. */
  void error(String message, String hint) {
    err.println("error: " + message);
    if (!hint.isEmpty()) {
      err.println();
      err.println("hint: " + hint);
    }
  }
}

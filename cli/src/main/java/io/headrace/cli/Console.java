package io.headrace.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;

/**
 * What a command sees of the world, so that a test can show it another.
 *
 * @param out for results
 * @param err for errors, hints and progress
 * @param isInteractive whether a person watches and can answer
 * @param folder that relative paths start at
 * @param user who makes commits
 */
record Console(
    PrintStream out,
    PrintStream err,
    boolean isInteractive,
    Path folder,
    Clock clock,
    ZoneId zone,
    String user) {

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

  /** Says what went wrong and how to go on. */
  void error(String message, String hint) {
    err.println("error: " + message);
    if (!hint.isEmpty()) {
      err.println();
      err.println("hint: " + hint);
    }
  }
}

package io.headrace.server.command;

import io.headrace.access.Role;
import io.headrace.engine.Cancellation;
import io.headrace.error.UsageException;
import io.headrace.server.route.Need;
import io.headrace.server.runs.ServedProject;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;

/** Does what the command line can do, in a server. Safe for many threads. */
@FunctionalInterface
public interface CommandRunner {

  /**
   * Refuses what cannot be done in a server, before it begins; nothing, if not said otherwise.
   *
   * @throws UsageException saying why, and what to do instead
   */
  default void require(List<String> arguments) {}

  /**
   * What somebody has to be to have a command done. What it reads is not narrowed to what he sees,
   * so that it must be nothing that is kept from him. Unless said otherwise it is for admins.
   */
  default List<Need> needs(ServedProject project, List<String> arguments) {
    return List.of(new Need.OnServer(Role.ADMIN));
  }

  /**
   * Whether a command does no more than read rows of tables, for which there is a limit of time.
   */
  default boolean onlyReadsRows(List<String> arguments) {
    return false;
  }

  /**
   * Does a command to its end; whatever goes wrong is told in {@code err}.
   *
   * @param asked by whom, and how they see times
   * @param out for results
   * @param err for errors, hints and progress
   * @param cancel asks it to stop
   * @return the exit code
   */
  int execute(
      ServedProject project,
      List<String> arguments,
      Asker asked,
      PrintStream out,
      PrintStream err,
      Cancellation cancel);

  /**
   * Who wants a command done.
   *
   * @param name the author of what is published
   * @param zone in which times are shown
   */
  record Asker(String name, ZoneId zone) {}
}

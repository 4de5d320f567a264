package io.headrace.cli;

import io.headrace.access.Accounts;
import io.headrace.access.AuditLog.Entry;
import io.headrace.catalog.sqlite.SqliteAccounts;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command that works on what a server keeps of those who ask. */
abstract class AccessCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--access",
      paramLabel = "DIR",
      required = true,
      description = "The folder with the server's access.yaml and accounts")
  private Path folder = Path.of("");

  AccessCommand(Console console) {
    this.console = console;
  }

  abstract int run(Accounts accounts) throws Exception;

  /** Whether it makes the folder if it is not there. */
  boolean isMaking() {
    return false;
  }

  @Override
  public final Integer call() throws Exception {
    Path where = console.folder().resolve(folder);
    try (Accounts accounts =
        isMaking() ? SqliteAccounts.open(where) : SqliteAccounts.openExisting(where)) {
      return run(accounts);
    }
  }

  final Console console() {
    return console;
  }

  /** What the user types next to name the folder again. */
  final String option() {
    return "--access " + folder;
  }

  /** Does something that is written down before, with what becomes of it. */
  final void record(Accounts accounts, String action, String subject, Runnable change) {
    Entry entry =
        new Entry(
            console.clock().instant(),
            console.user(),
            "(command line)",
            action,
            "",
            "",
            subject,
            "");
    long number = accounts.audit().add(entry);
    try {
      change.run();
    } catch (RuntimeException e) {
      accounts.audit().conclude(number, "failed");
      throw e;
    }
    accounts.audit().conclude(number, "ok");
  }
}

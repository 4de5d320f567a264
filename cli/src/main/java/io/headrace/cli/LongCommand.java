package io.headrace.cli;

import io.headrace.engine.Cancellation;
import io.headrace.error.UsageException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that computes: what it may take of the machine can be said, and Ctrl-C stops it. */
abstract class LongCommand extends ProjectCommand {
  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "What queries may hold in memory, such as 2GB (default: 70 percent of the machine's)")
  private @Nullable String memory;

  private final Cancellation cancel = new Cancellation();

  LongCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    console().requireHere(memory != null, "--memory", "It is said where the server is started");
    if (console().served().isPresent()) {
      Cancellation asked = console().served().get().cancel();
      try (Cancellation.Registration registration =
          asked.onRequest(() -> cancel.request(asked.reason()))) {
        return super.call();
      }
    }
    try (StopHook hook = StopHook.requesting(cancel)) {
      return super.call();
    }
  }

  /** Refuses a number of jobs with which nothing would be done. */
  static void requireJobs(int jobs) {
    if (jobs < 1) {
      throw new UsageException("Cannot run %d jobs at a time".formatted(jobs), "Give 1 or more");
    }
  }

  /** Is requested when somebody stops the process. */
  final Cancellation cancel() {
    return cancel;
  }

  @Override
  final OptionalLong memoryBytes() {
    return memory == null ? OptionalLong.empty() : OptionalLong.of(MemorySize.parse(memory));
  }
}

package io.headrace.cli;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much memory a command may take for its queries. */
final class MemoryOption {
  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "What queries may hold in memory, such as 2GB (default: 70 percent of the machine's)")
  private @Nullable String memory;

  /** In bytes, if the user says. */
  OptionalLong bytes() {
    return memory == null ? OptionalLong.empty() : OptionalLong.of(MemorySize.parse(memory));
  }
}

package io.headrace.engine.process;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of a process with the Java and the classes of this one. */
final class JavaCommand {
  /** Classes that this process found prepared, the other one finds so too. */
  private static final String PREPARED = "-XX:SharedArchiveFile=";

  private static final List<String> OPTIONS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          // Its standard output is for replies.
          "-XX:+DisplayVMOutputToStderr",
          "-XX:-CreateCoredumpOnCrash",
          "-Xss4m",
          "-Xshare:auto",
          "-Xlog:disable",
          "-Xlog:all=off:stderr");

  private JavaCommand() {}

  /**
   * @param heapBytes how large its heap may be
   * @param errorFile where Java describes a crash
   */
  static List<String> of(Class<?> main, long heapBytes, Path errorFile, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(OPTIONS);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith(PREPARED))
        .forEach(command::add);
    command.add("-Xmx" + heapBytes);
    command.add("-XX:ErrorFile=" + errorFile);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }
}

package io.headrace.engine.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks how much memory other processes hold. Only Linux says so; elsewhere the limits hold that
 * the process sets itself.
 */
final class MemoryWatch {
  private static final long LOOK_MILLIS = 50;
  private static final String RESIDENT = "VmRSS:";

  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "headrace-memory-watch");
            thread.setDaemon(true);
            return thread;
          });

  private MemoryWatch() {}

  /**
   * Watches a process until it ends.
   *
   * @param tooMuch is told, in words, when it holds more than it may
   */
  static void watch(Process process, long limitBytes, Consumer<String> tooMuch) {
    ScheduledFuture<?> looks =
        TIMER.scheduleWithFixedDelay(
            () -> {
              if (residentBytes(process.pid()) > limitBytes) {
                tooMuch.accept(
                    "it needed more than the %,d MB of memory that its process may have"
                        .formatted(limitBytes / 1_000_000));
              }
            },
            LOOK_MILLIS,
            LOOK_MILLIS,
            TimeUnit.MILLISECONDS);
    CompletableFuture<Void> unused = process.onExit().thenRun(() -> looks.cancel(false));
  }

  /** What a process holds, in bytes; 0 if that is not known. */
  static long residentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
        if (line.startsWith(RESIDENT)) {
          String kilobytes = line.substring(RESIDENT.length()).replace("kB", "").strip();
          return Long.parseLong(kilobytes) << 10;
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }
}

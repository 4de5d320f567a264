package io.headrace.engine.process;

import io.headrace.bytes.FileTrees;
import io.headrace.engine.Cancellation;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * This end of the pipe: a process that was started and can be called. When it ends, for whatever
 * reason, all calls fail and say why. Safe for many threads.
 */
final class EngineProcess {
  /** How long a call that is cancelled may take to notice. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final EngineProvider.Settings settings;
  private final Path folder;
  private final Process process;
  private final DataOutputStream out;
  private final Codec calls = new Codec();
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<Object>> pending = new ConcurrentHashMap<>();
  private volatile @Nullable End ended;
  private volatile Optional<End> killed = Optional.empty();

  /** Why it can no longer be called. */
  private record End(String message, String hint) {}

  private EngineProcess(EngineProvider.Settings settings, Path folder, Process process) {
    this.settings = settings;
    this.folder = folder;
    this.process = process;
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
  }

  /**
   * Starts one.
   *
   * @param settings the limit of memory is that of all of the process
   */
  static EngineProcess start(EngineProvider.Settings settings) {
    Memory memory = Memory.within(settings.memoryBytes());
    try {
      Files.createDirectories(settings.temporaryFolder());
      Path folder = Files.createTempDirectory(settings.temporaryFolder(), "engine");
      List<String> command =
          JavaCommand.of(
              EngineMain.class,
              memory.heapBytes(),
              folder.resolve("crash.log"),
              List.of(
                  String.valueOf(memory.engineBytes()),
                  String.valueOf(settings.threads()),
                  folder.toString()));
      Process process =
          new ProcessBuilder(command).redirectError(folder.resolve("stderr.log").toFile()).start();
      EngineProcess started = new EngineProcess(settings, folder, process);
      started.listen();
      MemoryWatch.watch(
          process,
          settings.memoryBytes(),
          why -> started.kill(why, "Give its table more memory, or the query less to do"));
      return started;
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot start a process for a task: %s".formatted(e.getMessage()),
          "Is the disk full, or are there too many processes?",
          e);
    }
  }

  EngineProvider.Settings settings() {
    return settings;
  }

  private void listen() {
    Thread reader =
        new Thread(
            () -> {
              Codec replies = new Codec();
              try (var in =
                  new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
                while (true) {
                  take(replies.read(in));
                }
              } catch (IOException e) {
                end();
              }
            },
            "headrace-engine-replies");
    reader.setDaemon(true);
    reader.start();
  }

  private void take(Message message) {
    if (message instanceof Message.Returned returned) {
      complete(returned.number(), future -> future.complete(returned.value()));
    } else if (message instanceof Message.Failed failed) {
      complete(
          failed.number(), future -> future.completeExceptionally(failed.failure().exception()));
    }
  }

  private void complete(long number, Consumer<CompletableFuture<Object>> completion) {
    CompletableFuture<Object> future = pending.remove(number);
    if (future != null) {
      completion.accept(future);
    }
  }

  /** Calls a method in the other process, and waits for its result. */
  <R> R call(Call<R> call, Cancellation cancel) {
    cancel.throwIfRequested();
    long number = last.incrementAndGet();
    CompletableFuture<Object> reply = new CompletableFuture<>();
    pending.put(number, reply);
    send(new Message.Begin(number, call));
    if (ended != null) {
      end();
    }
    try (Cancellation.Registration registration =
        cancel.onRequest(() -> cancel(number, reply, cancel.reason()))) {
      @SuppressWarnings("unchecked") // A call says what it returns.
      R result = (R) reply.get();
      return result;
    } catch (ExecutionException e) {
      cancel.throwIfRequested();
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HeadraceException("it was interrupted", "", e);
    }
  }

  private void cancel(long number, CompletableFuture<Object> reply, String reason) {
    send(new Message.Cancel(number, reason));
    CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!reply.isDone()) {
                kill("it did not stop when it was asked to", "");
              }
            });
  }

  private void send(Message message) {
    try {
      synchronized (calls) {
        calls.write(message, out);
      }
    } catch (IOException e) {
      end();
    }
  }

  long pid() {
    return process.pid();
  }

  /** Lets go of the pipe, as the operating system does when this process ends. */
  void hangUp() throws IOException {
    process.getOutputStream().close();
  }

  /** Whether it can be called. */
  boolean isAlive() {
    return ended == null && process.isAlive();
  }

  /** The memory that it holds, in bytes; 0 if that is not known. */
  long residentBytes() {
    return MemoryWatch.residentBytes(pid());
  }

  private void kill(String why, String hint) {
    killed = killed.or(() -> Optional.of(new End(why, hint)));
    process.destroyForcibly();
  }

  /** Ends the process, and takes its files away. */
  void close() {
    kill("its engine is closed", "");
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      FileTrees.delete(folder);
    } catch (IOException e) {
      // Who owns the folder above takes away what is left.
    }
  }

  private void end() {
    End end = ended;
    if (end == null) {
      end = findEnd();
      ended = end;
    }
    RuntimeException failure = new QueryException(end.message(), end.hint());
    pending.values().forEach(future -> future.completeExceptionally(failure));
    pending.clear();
  }

  private End findEnd() {
    try {
      int code = process.waitFor();
      return killed.orElseGet(
          () ->
              new End(
                  "the process that computes it ended with code %d%s".formatted(code, lastWords()),
                  "Run again; if it ends like this each time, please report it"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new End("it was interrupted", "");
    }
  }

  private String lastWords() {
    try {
      List<String> lines =
          Files.readAllLines(folder.resolve("stderr.log")).stream()
              .map(line -> line.replaceFirst("^#", "").strip())
              .filter(line -> !line.isEmpty())
              .limit(3)
              .toList();
      return lines.isEmpty() ? "" : ": " + String.join(" ", lines);
    } catch (IOException e) {
      return "";
    }
  }
}

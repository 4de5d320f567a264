package io.headrace.engine.process;

import io.headrace.conversion.ConvertingEngine;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The process that has the engine. It answers calls that come through its standard input, each in a
 * thread of its own, and ends with the process that started it, however that ends.
 */
final class EngineMain {
  /** When memory runs out, the system shall rather end this process than the one it works for. */
  private static final String EXPENDABLE = "800";

  /** How long a signal is put off. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Hosted hosted;
  private final DataOutputStream out;
  private final Codec replies = new Codec();
  private final Map<Long, Cancellation> cancellations = new ConcurrentHashMap<>();
  private final Executor threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "headrace-call");
            thread.setDaemon(true);
            return thread;
          });

  private EngineMain(Hosted hosted, DataOutputStream out) {
    this.hosted = hosted;
    this.out = out;
  }

  /** Takes what the engine may hold in memory in bytes, its threads, and its temporary folder. */
  public static void main(String[] arguments) throws IOException {
    // What others print must not get between the replies.
    var out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    System.setOut(System.err);
    beExpendable();
    Runtime.getRuntime().addShutdownHook(new Thread(EngineMain::waitForTheOther));
    Path folder = Path.of(arguments[2]);
    Engine engine =
        new ConvertingEngine(
            ServiceLoader.load(EngineProvider.class)
                .iterator()
                .next()
                .start(
                    new EngineProvider.Settings(
                        Long.parseLong(arguments[0]), Integer.parseInt(arguments[1]), folder)),
            folder);
    try {
      new EngineMain(new Hosted(engine), out)
          .serve(new DataInputStream(new BufferedInputStream(System.in)));
    } finally {
      // Nobody is there any more who would want what still goes on.
      Runtime.getRuntime().halt(0);
    }
  }

  /**
   * Ctrl-C reaches this process as well. What becomes of the work is for the other one to say:
   * until it does, which ends this process at once, the work goes on.
   */
  private static void waitForTheOther() {
    try {
      Thread.sleep(GRACE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void beExpendable() {
    try {
      Path own = Path.of("/proc/self/oom_score_adj");
      if (Files.exists(own)) {
        Files.writeString(own, EXPENDABLE);
      }
    } catch (IOException e) {
      // Then it is as expendable as any other.
    }
  }

  private void serve(DataInputStream in) throws IOException {
    Codec calls = new Codec();
    while (true) {
      Message message = calls.read(in);
      if (message instanceof Message.Begin begin) {
        Cancellation cancel = new Cancellation();
        cancellations.put(begin.number(), cancel);
        threads.execute(() -> answer(begin, cancel));
      } else if (message instanceof Message.Cancel asked) {
        Cancellation cancel = cancellations.get(asked.number());
        if (cancel != null) {
          // What listens to it takes a while.
          threads.execute(() -> cancel.request(asked.reason()));
        }
      }
    }
  }

  private void answer(Message.Begin begin, Cancellation cancel) {
    Message reply;
    try {
      reply = new Message.Returned(begin.number(), begin.call().perform(hosted, cancel));
    } catch (RuntimeException | Error e) {
      reply = new Message.Failed(begin.number(), Failure.of(e));
    }
    cancellations.remove(begin.number());
    try {
      synchronized (replies) {
        replies.write(reply, out);
      }
    } catch (IOException | RuntimeException | Error e) {
      // Who waits for the reply must not wait forever.
      Runtime.getRuntime().halt(1);
    }
  }
}

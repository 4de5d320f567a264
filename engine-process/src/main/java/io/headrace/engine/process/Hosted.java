package io.headrace.engine.process;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.Session;
import io.headrace.table.KeyRule;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The engine of this process, and what of it is open, by numbers that the other process knows it
 * by. Safe for many threads.
 */
final class Hosted {
  private final Engine engine;
  private final Map<Integer, Session> sessions = new ConcurrentHashMap<>();
  private final Map<Integer, Ongoing> updates = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  Hosted(Engine engine) {
    this.engine = engine;
  }

  /** Calls of an update have their own cancellations; it has one for all of its time. */
  private record Ongoing(KeyedUpdate update, Cancellation cancel) {}

  Engine engine() {
    return engine;
  }

  int open(Path folder) {
    int number = last.incrementAndGet();
    sessions.put(number, engine.open(folder));
    return number;
  }

  Session session(int number) {
    return requireNonNull(sessions.get(number), "no such session");
  }

  void close(int number) {
    Session session = sessions.remove(number);
    if (session != null) {
      session.close();
    }
  }

  int update(
      int session, KeyRule rule, TableData before, TableStore.Draft draft, Cancellation cancel) {
    Cancellation own = new Cancellation();
    int number = last.incrementAndGet();
    try (Cancellation.Registration follows = follow(cancel, own)) {
      updates.put(number, new Ongoing(session(session).update(rule, before, draft, own), own));
    }
    return number;
  }

  Call.Done take(int number, Cancellation cancel, Consumer<KeyedUpdate> work) {
    return during(
        number,
        cancel,
        update -> {
          work.accept(update);
          return Call.Done.DONE;
        });
  }

  KeyedUpdate.Written write(int number, Cancellation cancel) {
    return during(number, cancel, KeyedUpdate::write);
  }

  private <R> R during(int number, Cancellation cancel, Function<KeyedUpdate, R> work) {
    Ongoing ongoing = requireNonNull(updates.get(number), "no such update");
    try (Cancellation.Registration follows = follow(cancel, ongoing.cancel())) {
      return work.apply(ongoing.update());
    }
  }

  private static Cancellation.Registration follow(Cancellation cancel, Cancellation own) {
    return cancel.onRequest(() -> own.request(cancel.reason()));
  }

  void closeUpdate(int number) {
    Ongoing ongoing = updates.remove(number);
    if (ongoing != null) {
      ongoing.update().close();
    }
  }
}

package io.headrace.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.engine.duckdb.DuckDbProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is different about an engine in another process. */
class ProcessEnginesTest {
  private static final Query.Select LONG =
      new Query.Select(
          "SELECT sum(hash(a.range + b.range)) FROM range(100_000_000) a, range(9999) b");

  @TempDir Path folder;
  private final ProcessEngines engines = new ProcessEngines(new DuckDbProvider());

  @AfterEach
  void close() {
    engines.close();
  }

  private RemoteEngine start(long megabytes) {
    return (RemoteEngine)
        engines.start(new EngineProvider.Settings(megabytes << 20, 1, folder.resolve("tmp")));
  }

  private static List<List<Object>> ask(Session session, String sql) {
    return session.query(new Query.Select(sql), 10, Cancellation.never()).values();
  }

  private static ProcessHandle handle(RemoteEngine engine) {
    return ProcessHandle.of(engine.process().pid()).orElseThrow();
  }

  @Test
  void whatKillsTheProcessKillsNoMoreThanWhatItDoes() throws Exception {
    RemoteEngine dying = start(512);
    Engine other = start(512);
    Session session = dying.open(folder);
    try (Session healthy = other.open(folder)) {
      CompletableFuture<Object> query =
          CompletableFuture.supplyAsync(() -> session.query(LONG, 1, Cancellation.never()));
      assertThat(ask(healthy, "SELECT 1")).isEqualTo(List.of(List.of(1)));
      assertThat(query).isNotDone();
      assertThat(handle(dying).destroyForcibly()).isTrue();
      assertThatThrownBy(() -> query.get(20, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(QueryException.class)
          .hasMessage("the process that computes it ended with code 137");
      assertThatThrownBy(() -> ask(session, "SELECT 1"))
          .hasMessage("the process that computes it ended with code 137");
      session.close();
      dying.close();
      assertThat(ask(healthy, "SELECT 2")).isEqualTo(List.of(List.of(2)));
    }
    try (Session next = start(512).open(folder)) {
      assertThat(ask(next, "SELECT 3")).isEqualTo(List.of(List.of(3)));
    }
  }

  @Test
  void aProcessThatNeedsMoreThanItMayHaveIsEnded() {
    RemoteEngine small = start(48);
    assertThatThrownBy(
            () -> {
              try (Session session = small.open(folder)) {
                session.query(LONG, 1, Cancellation.never());
              }
            })
        .isInstanceOfSatisfying(
            QueryException.class,
            e -> assertThat(e.hint()).startsWith("Give its table more memory"))
        .hasMessage("it needed more than the 50 MB of memory that its process may have");
    assertThat(small.process().isAlive()).isFalse();
    small.close();
  }

  @Test
  void whatIsClosedIsUsedAgainByItsLike() {
    RemoteEngine first = start(512);
    first.close();
    assertThat(start(256).process()).isNotSameAs(first.process());
    RemoteEngine again = start(512);
    assertThat(again.process()).isSameAs(first.process());
    assertThat(start(512).process()).isNotSameAs(first.process());
    again.close();
    engines.close();
    assertThat(first.process().isAlive()).isFalse();
  }

  @Test
  void nothingIsLeftOfAnEngine() throws IOException {
    RemoteEngine engine = start(512);
    try (Session session = engine.open(folder)) {
      assertThat(ask(session, "SELECT 1")).hasSize(1);
    }
    engine.close();
    engines.close();
    assertThat(handleIsGone(engine)).isTrue();
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  private static boolean handleIsGone(RemoteEngine engine) {
    return ProcessHandle.of(engine.process().pid()).filter(ProcessHandle::isAlive).isEmpty();
  }

  @Test
  void aProcessEndsWithTheOneThatStartedIt() throws Exception {
    RemoteEngine engine = start(512);
    CompletableFuture<ProcessHandle> end = handle(engine).onExit();
    engine.process().hangUp();
    assertThat(end.get(20, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  @Test
  void whoInterruptsBothSpeaksToTheFirst() throws Exception {
    RemoteEngine engine = start(512);
    try (Session session = engine.open(folder)) {
      String process = String.valueOf(engine.process().pid());
      assertThat(new ProcessBuilder("kill", "-INT", process).start().waitFor()).isZero();
      for (int i = 0; i < 10; i++) {
        Thread.sleep(20);
        assertThat(ask(session, "SELECT 1")).hasSize(1);
      }
    }
    CompletableFuture<ProcessHandle> end = handle(engine).onExit();
    engine.process().hangUp();
    assertThat(end.get(20, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  @Test
  void aCancelledCallStops() throws Exception {
    Cancellation cancel = new Cancellation();
    RemoteEngine engine = start(512);
    try (Session session = engine.open(folder)) {
      CompletableFuture<Object> query =
          CompletableFuture.supplyAsync(() -> session.query(LONG, 1, cancel));
      assertThat(ask(session, "SELECT 1")).hasSize(1);
      cancel.request("enough");
      assertThatThrownBy(() -> query.get(4, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(CancelledException.class)
          .hasMessage("enough");
      assertThat(ask(session, "SELECT 2")).hasSize(1);
    }
  }
}

package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.sqlite.SqliteCatalog;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.process.ProcessEngines;
import io.headrace.faults.TestProject.Parts;
import io.headrace.run.Backfill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Random histories of a project: it is edited, and around the edits runs are killed and fail,
 * sandboxes are built and promoted, commits are rolled back, versions compacted, ranges computed
 * again and garbage collected. After each step every table must be what a build from nothing makes.
 *
 * <p>{@code -Dheadrace.histories=20000} plays so many; {@code -Dheadrace.history=57} plays only
 * that one of a seed. What is done is a function of the seed; at which of the operations that two
 * threads do side by side a run dies is not.
 */
final class Histories implements AutoCloseable {
  private static final int HISTORIES = Integer.getInteger("headrace.histories", 100);

  /** So many histories have some of what is usual; fewer may not, whatever the seed. */
  private static final int SOME = 50;

  /** So many have some of what is rare, too. */
  private static final int MANY = 1000;

  /** In each of so many histories, all tasks are computed in another process. */
  private static final int APART = 5;

  private static final int ONLY = Integer.getInteger("headrace.history", -1);

  /** The project under test, with what it was edited to; a new one for each history. */
  interface Subject {

    /** Makes the project. */
    void make(TestProject project, SplittableRandom random);

    /** Changes something: code, configuration or data. */
    Edit edit(TestProject project, SplittableRandom random);

    /** Adds rows to a source that grows. */
    void grow(TestProject project, SplittableRandom random);

    /** By table, the query whose rows a build from nothing must have too. */
    SortedMap<String, String> contents();

    /** Sources that can be built by themselves. */
    List<String> sources();

    /** Tables that are compacted. */
    List<String> compacted();

    /** Ranges of partitions that may be computed again; empty if no table has any. */
    default List<Backfill> backfills() {
      return List.of();
    }

    /** What cannot be held against a build from nothing. */
    default Optional<Timeline> timeline() {
      return Optional.empty();
    }
  }

  /**
   * What was changed.
   *
   * @param what in words
   * @param refresh tables whose code changed, and which do not build themselves again unasked
   */
  record Edit(String what, Set<String> refresh) {
    Edit(String what) {
      this(what, Set.of());
    }
  }

  private final Class<?> test;
  private final int steps;
  private final Path folder;
  private final ProcessEngines processes = new ProcessEngines(Parts.USUAL.engine());
  private final Engine engine;
  private final Engine apart;
  private final Tally tally = new Tally();

  /** Histories of so many steps each, which leave nothing in {@code folder}. */
  Histories(Class<?> test, int steps, Path folder) {
    this.test = test;
    this.steps = steps;
    this.folder = folder;
    this.engine =
        Parts.USUAL
            .engine()
            .start(new EngineProvider.Settings(256L << 20, 2, folder.resolve("spill")));
    this.apart = processes.start(new EngineProvider.Settings(1L << 30, 2, folder.resolve("apart")));
    SqliteCatalog.open(emptyCatalog()).close();
  }

  /**
   * Plays them all.
   *
   * @param often what must have happened more often than once in two histories
   */
  void play(Supplier<Subject> subjects, String... often) {
    Seed seed = new Seed(test);
    int first = Math.max(0, ONLY);
    int last = ONLY < 0 ? HISTORIES : ONLY + 1;
    for (int history = first; history < last; history++) {
      String where = "-Dheadrace.history=%d %s".formatted(history, seed);
      Path place = folder.resolve("h" + history);
      try (History played =
          new History(
              this,
              new TestProject(place),
              subjects.get(),
              history % APART == 0 ? Optional.of(apart) : Optional.empty(),
              seed.random(history),
              where)) {
        played.play(steps);
      }
      delete(place);
      if ((history + 1) % 100 == 0) {
        System.out.printf("%s: %d histories, %s%n", test.getSimpleName(), history + 1, tally);
      }
    }
    System.out.printf("%s: %s%n", test.getSimpleName(), tally);
    int played = last - first;
    if (played >= SOME) {
      tally.requireOneIn(2, played, often);
      tally.requireOneIn(20, played, "kill", "rollback", "promotion");
      tally.requireOneIn(50, played, "compaction", "kill before publication");
      // Kills are fair: they leave different states.
      assertThat(tally.deaths()).hasSizeGreaterThan(5);
    }
    if (played >= MANY) {
      tally.requireOneIn(
          100,
          played,
          "failed run",
          "garbage collection",
          "kill after publication",
          "reuse of what a dead run finished");
    }
  }

  Tally tally() {
    return tally;
  }

  /** One for all, since starting one takes longer than a small run. */
  Engine engine() {
    return engine;
  }

  /** A catalog with nothing in it, to be copied: to make one takes longer. */
  Path emptyCatalog() {
    return folder.resolve("empty.db");
  }

  /** Takes a folder away with all that is in it. */
  static void delete(Path folder) {
    try {
      KillEverywhereTest.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    engine.close();
    apart.close();
    processes.close();
    Files.delete(emptyCatalog());
  }
}

package io.headrace.maintain;

import io.headrace.bytes.FileTrees;
import io.headrace.catalog.Catalog;
import io.headrace.catalog.Part;
import io.headrace.catalog.Parts;
import io.headrace.catalog.Rewrites;
import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.run.LiveRuns;
import io.headrace.table.TableName;
import io.headrace.workspace.Scratch;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds garbage by reachability, says what it is, and deletes it: versions that no environment's
 * history within retention, no pin and no live run reaches, parts of versions that nobody asked for
 * in a day, files that no version and no part needs, temporary files of processes that are dead,
 * and the records and logs of old runs.
 */
public final class Garbage {
  /** File clocks may differ from ours by as much; newer files of a live run are left alone. */
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);

  private static final Duration PARTS_KEPT = Duration.ofDays(1);

  private final Workspace workspace;

  public Garbage(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * What is (or was) garbage.
   *
   * @param files absolute paths of files that nothing needs
   * @param bytes their size
   * @param runs whose records and logs nobody needs
   * @param logs how many of them had logs
   */
  public record Found(
      List<Version> versions, List<Path> files, long bytes, List<String> runs, long logs) {}

  /**
   * Collects.
   *
   * @param keep how long history counts
   * @param dryRun only say what would go
   */
  public Found collect(Duration keep, boolean dryRun) {
    Catalog catalog = workspace.catalog();
    catalog.versions().all().forEach(v -> requireInWarehouse(v.table(), v.metadataLocation()));
    catalog.parts().all().forEach(p -> requireInWarehouse(p.table(), p.metadataLocation()));
    Instant now = workspace.clock().instant();
    // The order matters. Who made one of the files is over and has recorded it, or is seen alive
    // after that, and then the file is newer than its start.
    Set<Path> all = workspace.tables().allFiles();
    Optional<Instant> oldestAlive = LiveRuns.oldestAlive(workspace);
    List<Version> versions = catalog.versions().collect(now.minus(keep), now, dryRun);
    Set<String> gone = new HashSet<>();
    versions.forEach(version -> gone.add(version.id()));
    Set<String> locations = new LinkedHashSet<>();
    for (Version version : catalog.versions().all()) {
      if (!gone.contains(version.id())) {
        locations.add(version.metadataLocation());
      }
    }
    // After the versions: where one was until now is remembered here.
    locations.addAll(replacedLocations(now.minus(keep), now, dryRun, oldestAlive.isPresent()));
    collectParts(now, dryRun).forEach(part -> locations.add(part.metadataLocation()));
    Set<Path> reachable = new HashSet<>();
    for (String location : locations) {
      reachable.addAll(workspace.tables().reachableFiles(location));
    }
    List<Path> files = new ArrayList<>();
    long bytes = 0;
    for (Path file : all) {
      Optional<Long> size = sizeIfGarbage(file, reachable, oldestAlive);
      if (size.isPresent()) {
        files.add(file);
        bytes += size.get();
      }
    }
    List<Path> temporary = Scratch.abandoned(workspace.engineSettings().temporaryFolder());
    for (Path path : temporary) {
      if (Files.isRegularFile(path)) {
        bytes += sizeIfGarbage(path, reachable, Optional.empty()).orElse(0L);
        files.add(path);
      }
    }
    if (!dryRun) {
      files.forEach(Garbage::delete);
      temporary.forEach(Garbage::delete);
      catalog.schedules().forget(now.minus(keep));
      catalog.requests().forget(now.minus(keep));
      catalog.runs().forgetLooks(now.minus(keep));
    }
    // After versions and ticks, which name runs. One of this machine that is stuck goes on too.
    Instant seen = oldestAlive.filter(start -> start.isBefore(now)).orElse(now);
    List<String> runs = catalog.runs().old(now.minus(keep), seen);
    long logs = runs.stream().filter(run -> Files.isDirectory(logs(run))).count();
    if (!dryRun) {
      forget(runs);
    }
    return new Found(versions, files, bytes, runs, logs);
  }

  /** The logs go first: a log is found by its run, also next time if this is killed in between. */
  private void forget(List<String> runs) {
    runs.forEach(this::deleteLogs);
    workspace.catalog().runs().forget(runs);
  }

  private Path logs(String run) {
    return workspace.stateFolder().resolve("runs").resolve(run);
  }

  private void deleteLogs(String run) {
    try {
      FileTrees.delete(logs(run));
    } catch (IOException e) {
      throw cannotDelete(logs(run), e);
    }
  }

  /**
   * Where versions were before they were compacted. It counts as history does, and as long as
   * anybody is alive who may be reading it.
   */
  private List<String> replacedLocations(
      Instant keepSince, Instant now, boolean dryRun, boolean isAnyAlive) {
    Rewrites rewrites = workspace.catalog().rewrites();
    Set<String> gone = new HashSet<>();
    if (!isAnyAlive) {
      rewrites.collect(keepSince, now, dryRun).forEach(rewrite -> gone.add(rewrite.after()));
    }
    return rewrites.all().stream()
        .filter(rewrite -> !gone.contains(rewrite.after()))
        .flatMap(rewrite -> Stream.of(rewrite.before(), rewrite.after()))
        .toList();
  }

  /**
   * Collects parts, and returns those that stay: however much history is to go, work that was begun
   * can be carried on for a while.
   */
  private List<Part> collectParts(Instant now, boolean dryRun) {
    Parts parts = workspace.catalog().parts();
    Set<Part> gone = new HashSet<>(parts.collect(now.minus(PARTS_KEPT), now, dryRun));
    return parts.all().stream().filter(part -> !gone.contains(part)).toList();
  }

  /**
   * A project that was moved or copied knows its files by other names, and none would be needed.
   */
  private void requireInWarehouse(TableName table, String metadataLocation) {
    Path warehouse = workspace.tables().warehouse();
    if (!Path.of(metadataLocation).startsWith(warehouse)) {
      throw new HeadraceException(
          "Cannot collect garbage in '%s': a version of '%s' is in another folder, '%s'"
              .formatted(warehouse, table, metadataLocation),
          "Was the project moved? Move it back, or delete '%s' and run again"
              .formatted(workspace.stateFolder()));
    }
  }

  private static Optional<Long> sizeIfGarbage(
      Path file, Set<Path> reachable, Optional<Instant> oldestAlive) {
    if (reachable.contains(file)) {
      return Optional.empty();
    }
    try {
      Instant modified = Files.getLastModifiedTime(file).toInstant();
      boolean mayBeInUse =
          oldestAlive.isPresent() && modified.isAfter(oldestAlive.get().minus(CLOCK_SLACK));
      return mayBeInUse ? Optional.empty() : Optional.of(Files.size(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new HeadraceException("Cannot look at '%s': %s".formatted(file, e.getMessage()), "", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw cannotDelete(file, e);
    }
  }

  private static HeadraceException cannotDelete(Path file, IOException e) {
    return new HeadraceException(
        "Cannot delete '%s': %s".formatted(file, e.getMessage()), "Run `headrace gc` again", e);
  }
}

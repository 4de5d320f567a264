package io.headrace.incremental;

import io.headrace.catalog.Rewrite;
import io.headrace.catalog.Rewrites;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what the files of versions are. */
record VersionFiles(Versions versions, Rewrites rewrites, TableStore tables) {
  /** A version may have been made from files that were rewritten so long before it was recorded. */
  private static final Duration LONGEST_BUILD = Duration.ofDays(1);

  /** The files of a version, or empty if the catalog does not have it any more. */
  Optional<TableData> load(String version) {
    return versions.find(version).map(this::load);
  }

  private TableData load(Version version) {
    return tables.load(version.metadataLocation());
  }

  /** Two versions of a table, in files that tell where they differ. */
  record Comparison(TableData before, TableData now) {}

  /**
   * Two versions of a table, or empty if the catalog does not have both any more. Where one of them
   * was compacted and the other was not, both are shown by the files that there were before.
   */
  Optional<Comparison> compare(String before, String now) {
    Optional<Version> older = versions.find(before);
    Optional<Version> newer = versions.find(now);
    if (older.isEmpty() || newer.isEmpty()) {
      return Optional.empty();
    }
    TableData a = load(older.get());
    TableData b = load(newer.get());
    if (paths(b).containsAll(paths(a))) {
      return Optional.of(new Comparison(a, b));
    }
    Instant first =
        older.get().createdAt().isBefore(newer.get().createdAt())
            ? older.get().createdAt()
            : newer.get().createdAt();
    Origins origins = new Origins(steps(older.get(), first.minus(LONGEST_BUILD)));
    return Optional.of(new Comparison(origins.trace(a), origins.trace(b)));
  }

  private List<Origins.Step> steps(Version version, Instant since) {
    return rewrites.of(version.table(), since).stream().map(this::step).toList();
  }

  private Origins.Step step(Rewrite rewrite) {
    return new Origins.Step(tables.load(rewrite.before()), tables.load(rewrite.after()));
  }

  private static Set<String> paths(TableData data) {
    Set<String> paths = new HashSet<>();
    data.files().stream().map(DataFile::path).forEach(paths::add);
    return paths;
  }
}

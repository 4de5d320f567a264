package io.headrace.maintain;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.table.DataFile;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Verifies that every version is whole, and that what environments and pins point at is there. */
public final class Doctor {
  private final Workspace workspace;

  public Doctor(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * What was found.
   *
   * @param versions how many versions were looked at
   * @param files how many files
   * @param problems what is wrong with them; empty if all is well
   */
  public record Report(int versions, int files, List<String> problems) {}

  /** Looks at everything that is there. */
  public Report examine() {
    Environments environments = workspace.catalog().environments();
    Set<String> heads = new TreeSet<>(environments.pins());
    for (Environment environment : environments.list()) {
      heads.addAll(environments.head(environment.name()).versions().values());
    }
    List<Version> versions = workspace.catalog().versions().all();
    versions.forEach(version -> heads.remove(version.id()));
    List<String> problems = new ArrayList<>();
    for (String id : heads) {
      problems.add("Version '%s' is pointed at, but is not in the catalog".formatted(id));
    }
    int files = examine(versions, problems);
    return new Report(versions.size(), files, List.copyOf(problems));
  }

  private int examine(Collection<Version> versions, List<String> problems) {
    int files = 0;
    for (Version version : versions) {
      try {
        for (Path file : workspace.tables().reachableFiles(version.metadataLocation())) {
          files++;
          if (!Files.isRegularFile(file)) {
            problems.add("%s: '%s' is missing".formatted(name(version), file));
          }
        }
        for (DataFile file : workspace.tables().load(version.metadataLocation()).files()) {
          examine(version, file, problems);
        }
      } catch (HeadraceException e) {
        problems.add("%s: %s".formatted(name(version), e.getMessage()));
      }
    }
    return files;
  }

  private static void examine(Version version, DataFile file, List<String> problems) {
    Path path = Path.of(file.path());
    try {
      if (Files.exists(path) && Files.size(path) != file.sizeBytes()) {
        problems.add(
            "%s: '%s' has %,d bytes instead of %,d"
                .formatted(name(version), path, Files.size(path), file.sizeBytes()));
      }
    } catch (IOException e) {
      problems.add("%s: cannot read '%s': %s".formatted(name(version), path, e.getMessage()));
    }
  }

  private static String name(Version version) {
    return "Version '%s' of '%s'".formatted(version.id(), version.table());
  }
}

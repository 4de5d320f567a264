package io.headrace.faults;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Does to a warehouse what a loss of power may: of what was not synced, some is lost. The files of
 * the database stay as they are, for SQLite has tests of its own.
 */
final class PowerCut {
  private final Set<Path> durable = new HashSet<>();
  private final Map<Path, Long> synced = new HashMap<>();
  private int lost;

  /**
   * A loss of power after what the journal tells.
   *
   * @param before what was there, and durable, when the journal began
   */
  PowerCut(Set<Path> before, Path journal) throws IOException {
    durable.addAll(before);
    for (String line : Files.readAllLines(journal)) {
      List<String> fields = Arrays.asList(line.split("\t", -1));
      if (fields.get(0).equals("file")) {
        synced.put(Path.of(fields.get(1)), Long.parseLong(fields.get(2)));
      } else if (fields.get(0).equals("folder")) {
        Path folder = Path.of(fields.get(1));
        fields.subList(2, fields.size()).forEach(name -> durable.add(folder.resolve(name)));
      }
    }
  }

  /** Everything below a folder. */
  static Set<Path> contents(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return Set.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return new HashSet<>(paths.toList());
    }
  }

  /** Loses what may be lost, and returns how many files were hurt. */
  int strike(Path warehouse, Set<Path> before, SplittableRandom random) throws IOException {
    List<Path> paths = contents(warehouse).stream().sorted(Comparator.reverseOrder()).toList();
    for (Path path : paths) {
      if (before.contains(path)) {
        continue;
      }
      boolean isNamed = isNamed(path, warehouse);
      if (!isNamed && random.nextInt(4) > 0) {
        delete(path);
      } else if (Files.isRegularFile(path) && !synced.containsKey(path)) {
        shorten(path, random);
      }
    }
    return lost;
  }

  /** Whether the names of the path and of all folders above it are durable. */
  private boolean isNamed(Path path, Path warehouse) {
    for (Path p = path; !p.equals(warehouse); p = requireNonNull(p.getParent())) {
      if (!durable.contains(p)) {
        return false;
      }
    }
    return true;
  }

  private void shorten(Path file, SplittableRandom random) throws IOException {
    long length = Files.size(file);
    long left = random.nextInt(3) == 0 ? 0 : random.nextLong(length + 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(left);
    }
    lost++;
  }

  private void delete(Path path) throws IOException {
    for (Path inside : contents(path).stream().sorted(Comparator.reverseOrder()).toList()) {
      lost += Files.isRegularFile(inside) ? 1 : 0;
      Files.deleteIfExists(inside);
    }
  }
}

package io.headrace.conversion;

import static java.util.Objects.requireNonNull;

import io.headrace.bytes.FileTrees;
import io.headrace.connector.FileConverter;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Converts the files that queries of one session read, each once. The converted files are there
 * until this is closed; if the process dies before, the folder above them is taken away with all
 * other temporary files. Safe for many threads.
 */
final class Conversions implements AutoCloseable {
  private static final SortedMap<String, String> LINES =
      new TreeMap<>(Map.of("format", "newline_delimited", "compression", "none"));

  private final Path root;
  private final Path folder;
  private final Map<FileScan, FileScan> done = new HashMap<>();
  private final Map<Query.Checked, Query.Checked> staged = new HashMap<>();
  private final Set<FileScan> sound = new HashSet<>();
  private int files;

  /**
   * @param root the project's folder
   * @param parent a folder for it is made there when it is needed
   */
  Conversions(Path root, Path parent) {
    this.root = root;
    this.folder = parent.resolve("converted-" + UUID.randomUUID());
  }

  /** The query with converted files in place of those that no engine reads. */
  Query of(Query query, Cancellation cancel) {
    if (query instanceof FileScan scan) {
      return isForeign(scan) ? convert(scan, cancel) : scan;
    }
    if (query instanceof Query.Stamped stamped) {
      return new Query.Stamped(of(stamped.rows(), cancel), stamped.column(), stamped.moment());
    }
    if (query instanceof Query.Checked checked) {
      return stage(checked, cancel);
    }
    if (query instanceof Query.Sifted sifted) {
      return new Query.Sifted(of(sifted.rows(), cancel), sifted.sifting());
    }
    if (query instanceof Query.Keyed keyed) {
      return new Query.Keyed(of(keyed.rows(), cancel), keyed.rule());
    }
    return query;
  }

  private synchronized Query.Checked stage(Query.Checked checked, Cancellation cancel) {
    Query.Checked known = staged.get(checked);
    if (known != null) {
      return known;
    }
    try {
      FileScan texts =
          isForeign(checked.texts()) ? convert(checked.texts(), cancel) : checked.texts();
      Soundness.require(texts, cancel);
      Path target = folder.resolve(String.valueOf(files++));
      Files.createDirectories(target);
      Query.Checked done =
          TextRows.stage(
              root, new Query.Checked(texts, checked.of(), checked.columns()), target, cancel);
      staged.put(checked, done);
      return done;
    } catch (IOException e) {
      throw failed(checked.texts(), e);
    }
  }

  private static HeadraceException failed(FileScan scan, Exception e) {
    return new HeadraceException(
        "Cannot convert %s files: %s".formatted(scan.format(), e.getMessage()),
        "Are they there and readable, and is there room on the disk?",
        e);
  }

  /** The same for a query whose rows are read, all of them: its files must be whole. */
  Query whole(Query query, Cancellation cancel) {
    Query converted = of(query, cancel);
    requireSound(converted, cancel);
    return converted;
  }

  private void requireSound(Query query, Cancellation cancel) {
    if (query instanceof FileScan scan) {
      synchronized (sound) {
        if (sound.contains(scan)) {
          return;
        }
      }
      Soundness.require(scan, cancel);
      synchronized (sound) {
        sound.add(scan);
      }
    } else if (query instanceof Query.Stamped stamped) {
      requireSound(stamped.rows(), cancel);
    } else if (query instanceof Query.Sifted sifted) {
      requireSound(sifted.rows(), cancel);
    } else if (query instanceof Query.Keyed keyed) {
      requireSound(keyed.rows(), cancel);
    }
  }

  private static boolean isForeign(FileScan scan) {
    return !scan.format().isNative() || scan.files().stream().anyMatch(Conversions::isZip);
  }

  private static boolean isZip(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  private synchronized FileScan convert(FileScan scan, Cancellation cancel) {
    FileScan known = done.get(scan);
    if (known != null) {
      return known;
    }
    try {
      List<Path> unpacked = new ArrayList<>();
      for (Path file : scan.files()) {
        unpacked.addAll(isZip(file) ? unpack(file, cancel) : List.of(file));
      }
      FileScan converted = scan.with(unpacked);
      if (!scan.format().isNative()) {
        converted = convertAll(converted, cancel);
      }
      done.put(scan, converted);
      return converted;
    } catch (IOException | UncheckedIOException e) {
      throw failed(scan, e);
    }
  }

  private List<Path> unpack(Path zip, Cancellation cancel) throws IOException {
    return Zip.unpack(zip, () -> place(zip), cancel);
  }

  private FileScan convertAll(FileScan scan, Cancellation cancel) throws IOException {
    FileConverter converter = converter(scan.format());
    requireKnown(scan, converter.options());
    Map<String, DeclaredColumn> declared = new LinkedHashMap<>();
    List<Path> targets = new ArrayList<>();
    for (Path file : scan.files()) {
      cancel.throwIfRequested();
      Path target = place(file);
      for (DeclaredColumn column : converter.convert(file, scan.options(), target, cancel)) {
        DeclaredColumn other = declared.putIfAbsent(column.name(), column);
        if (other != null && !other.equals(column)) {
          throw new HeadraceException(
              "Column '%s' is %s in one file, and %s in '%s'"
                  .formatted(column.name(), other.type(), column.type(), file.getFileName()),
              "Say with `columns` which type it has");
        }
      }
      targets.add(target);
    }
    return new FileScan(
        Format.JSON,
        targets,
        scan.columns().isEmpty() ? List.copyOf(declared.values()) : scan.columns(),
        scan.pathColumns(),
        LINES);
  }

  private static void requireKnown(FileScan scan, List<String> known) {
    for (String option : scan.options().keySet()) {
      if (!known.contains(option)) {
        throw new HeadraceException(
            "Unknown option '%s' of %s files".formatted(option, scan.format()),
            NearestWord.hint(option, known, "Known options: " + String.join(", ", known)));
      }
    }
  }

  /** A place for a file that somebody else writes, and may take away. */
  synchronized Path newFile() {
    return folder.resolve(files++ + ".rows");
  }

  /** A file of the same name in the same folders, which the names of columns are taken from. */
  private Path place(Path file) throws IOException {
    Path below = requireNonNull(file.toAbsolutePath().normalize().getRoot());
    Path target =
        folder
            .resolve(String.valueOf(files++))
            .resolve(below.relativize(file.toAbsolutePath().normalize()).toString());
    Files.createDirectories(requireNonNull(target.getParent()));
    return target;
  }

  private static FileConverter converter(Format format) {
    return ServiceLoader.load(FileConverter.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(converter -> converter.format() == format)
        .findFirst()
        .orElseThrow(
            () ->
                new HeadraceException(
                    "Nothing here reads %s files".formatted(format),
                    "Put the converter for them on the class path"));
  }

  @Override
  public synchronized void close() {
    if (files == 0) {
      return;
    }
    try {
      FileTrees.delete(folder);
    } catch (IOException e) {
      // They go with the other temporary files.
    }
  }
}

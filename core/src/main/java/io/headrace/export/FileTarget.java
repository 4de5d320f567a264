package io.headrace.export;

import static java.util.Objects.requireNonNull;

import io.headrace.bytes.DurableFiles;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import io.headrace.identity.FileIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A file that holds the rows of a version. A hidden file beside it says of which: it names the
 * version together with the hash of the file that it speaks of. So it may be written after the
 * file, and by whom ever: what it says of another content is not believed.
 */
final class FileTarget {
  private static final String UNKNOWN = "";

  private final Path file;
  private final Path note;
  private final FileIdentifier identifier;

  /**
   * @param file absolute
   */
  FileTarget(Path file, FileIdentifier identifier) {
    this.file = file.normalize();
    this.note = this.file.resolveSibling("." + this.file.getFileName() + ".headrace");
    this.identifier = identifier;
  }

  /** The version whose rows it holds, or empty if it is not there or nothing is known of it. */
  Optional<String> version() {
    if (!Files.exists(file) || !Files.exists(note)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(note);
      return lines.size() == 2 && lines.get(1).equals(hash(file))
          ? Optional.of(lines.get(0))
          : Optional.empty();
    } catch (IOException | HeadraceException e) {
      // Somebody replaces it just now. If it cannot be read at all, to write it says so.
      return Optional.empty();
    }
  }

  private String hash(Path content) {
    return identifier.identify(List.of(content)).get(0).hash();
  }

  /**
   * Writes the rows of a query, and that they are those of a version. The file shows up whole and
   * synced, in place of what was there.
   */
  void deliver(
      Session session, Query rows, ExportFormat format, String version, Cancellation cancel) {
    Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectories(requireNonNull(file.getParent()));
      claim();
      session.export(rows, fresh, format, cancel);
      String hash = hash(fresh);
      DurableFiles.replace(fresh, file);
      writeNote(version, hash);
    } catch (IOException e) {
      throw failure(e);
    } finally {
      deleteQuietly(fresh);
    }
  }

  /** Notes that the file is ours to replace, before it is there: a killed delivery goes on. */
  private void claim() throws IOException {
    if (Files.exists(note)) {
      return;
    }
    if (Files.exists(file)) {
      throw new HeadraceException(
          "Cannot write '%s': it is there, and no export has written it".formatted(file),
          "Delete it if nobody needs it, or name another file");
    }
    writeNote(UNKNOWN, UNKNOWN);
  }

  private void writeNote(String version, String hash) throws IOException {
    DurableFiles.write(note, version + "\n" + hash + "\n");
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // What went wrong before matters more than a hidden file that is left behind.
    }
  }

  private HeadraceException failure(IOException e) {
    return new HeadraceException(
        "Cannot write '%s': %s".formatted(file, e.getMessage()),
        "Is there room on the disk, and may you write there?",
        e);
  }
}

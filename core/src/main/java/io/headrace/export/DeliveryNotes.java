package io.headrace.export;

import io.headrace.identity.Hash;
import io.headrace.project.Export;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Remembers what was found delivered, so that runs that change nothing need not ask. May be lost at
 * any time: whoever finds no note asks the place itself.
 */
final class DeliveryNotes {
  private final Path folder;

  /**
   * @param folder which need not be there
   */
  DeliveryNotes(Path folder) {
    this.folder = folder;
  }

  /** Whether the version was found at the export's destination. */
  boolean has(Export export, String version) {
    try {
      return Files.readString(file(export)).equals(note(export, version));
    } catch (IOException e) {
      return false;
    }
  }

  void put(Export export, String version) {
    try {
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, "note", ".tmp");
      Files.writeString(temporary, note(export, version));
      Files.move(
          temporary,
          file(export),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // The next run asks.
    }
  }

  private Path file(Export export) {
    return folder.resolve(export.name());
  }

  private static String note(Export export, String version) {
    // Settings that are secrets are only references here.
    String settings =
        export.destination() instanceof Export.External external
            ? external.connection().deciding().toString()
            : "";
    return Hash.of("delivery")
        .add(version)
        .add(export.destination().toString())
        .add(settings)
        .text();
  }
}

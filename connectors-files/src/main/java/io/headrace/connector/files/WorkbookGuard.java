package io.headrace.connector.files;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Refuses workbooks that would need more memory than there is, before anything of them is kept. All
 * texts of a workbook are in memory while a sheet is read, and so is each row of it. What is
 * damaged is refused too, because the reader does not look at check sums.
 */
final class WorkbookGuard {
  private static final int BUFFER = 1 << 16;

  /** A text takes up to so many times the memory that it takes in the file. */
  private static final int MEMORY_OF_TEXTS = 8;

  private final Path file;
  private final Cancellation cancel;
  private final long mostInMemory = Runtime.getRuntime().maxMemory() / MEMORY_OF_TEXTS;
  private long inMemory;

  private WorkbookGuard(Path file, Cancellation cancel) {
    this.file = file;
    this.cancel = cancel;
  }

  /**
   * Unpacks all of it once.
   *
   * @throws HeadraceException if it is damaged, or more than memory and Excel hold
   * @throws IOException if it is no archive
   */
  static void require(Path file, Cancellation cancel) throws IOException {
    WorkbookGuard guard = new WorkbookGuard(file, cancel);
    Set<String> names = new HashSet<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (!names.add(entry.getName().toLowerCase(Locale.ROOT))) {
          throw guard.refused(
              "'%s' is in it twice".formatted(entry.getName()), "Save it again with Excel");
        }
        try (InputStream in = zip.getInputStream(entry)) {
          guard.read(entry, in);
        }
      }
    }
  }

  private void read(ZipEntry entry, InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER];
    CRC32 sum = new CRC32();
    SheetLimits sheet = new SheetLimits();
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      cancel.throwIfRequested();
      sum.update(buffer, 0, n);
      String excess = sheet.excessIn(buffer, n);
      if (!excess.isEmpty()) {
        throw refused(excess, "Excel cannot have saved that: save it with Excel");
      }
      if (!sheet.isSheet() && sheet.isXml()) {
        inMemory += n;
        if (inMemory > mostInMemory) {
          throw refused(
              "its texts are more than %,d MB, and are kept in memory"
                  .formatted(mostInMemory >> 20),
              "Save the sheet as .csv; or give Java more memory: `HEADRACE_JAVA_OPTS=-Xmx4g`");
        }
      }
    }
    if (sum.getValue() != entry.getCrc()) {
      throw refused("its part '%s' is damaged".formatted(entry.getName()), "Save or copy it again");
    }
  }

  private HeadraceException refused(String reason, String hint) {
    return new HeadraceException(
        "Cannot read '%s' as an Excel workbook: %s".formatted(file, reason), hint);
  }
}

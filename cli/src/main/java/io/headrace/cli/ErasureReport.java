package io.headrace.cli;

import io.headrace.erase.Found;
import io.headrace.error.HeadraceException;
import io.headrace.identity.Hash;
import io.headrace.server.json.Json;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that says what was erased, when and by whom. It is on the disk before the rows are erased,
 * and says whether that was finished. It has a hash of the condition, which may itself be about a
 * person.
 */
final class ErasureReport {
  private final Path file;
  private final Map<String, @Nullable Object> content;

  private ErasureReport(Path file, Map<String, @Nullable Object> content) {
    this.file = file;
    this.content = content;
  }

  static ErasureReport begin(
      Workspace workspace, String author, Found found, Map<String, @Nullable Object> facts) {
    Instant now = workspace.clock().instant();
    Map<String, @Nullable Object> content =
        Json.object(
            "state",
            "begun",
            "at",
            now,
            "author",
            author,
            "tables",
            found.tables(),
            "condition_hash",
            Hash.of("condition").add(found.condition()).text());
    content.putAll(facts);
    content.remove("erased");
    content.remove("report");
    Path folder = workspace.stateFolder().resolve("erasures");
    String name = now.toString().replace(":", "");
    Path file = folder.resolve(name + ".json");
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve("%s-%d.json".formatted(name, i));
    }
    ErasureReport report = new ErasureReport(file, content);
    report.write("Nothing was erased; see to the disk and try again");
    return report;
  }

  Path file() {
    return file;
  }

  /** Says that it was done. */
  void finish() {
    content.put("state", "done");
    write("The rows are erased all the same");
  }

  /** Takes it away: nothing was erased. */
  void discard() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It goes on saying that it was begun, and not that it was done.
    }
  }

  private void write(String hint) {
    try {
      Files.createDirectories(file.resolveSibling("."));
      replace();
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot write the report '%s': %s".formatted(file, e.getMessage()), hint, e);
    }
  }

  private void replace() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    byte[] text =
        (Json.write(new LinkedHashMap<>(content)) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(text);
      while (buffer.hasRemaining()) {
        int unused = channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

package io.headrace.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small disk in memory, if this machine lets tests mount one. */
final class SmallDisk {
  private static final int PIECE_BYTES = 4096;

  private final Path folder;

  SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Returns whether it is there. */
  boolean mount(int bytes) throws IOException, InterruptedException {
    return shell("mount -t tmpfs -o size=%d tmpfs '%s'".formatted(bytes, folder));
  }

  /** Takes all the room that there is, whoever else takes some at the same time. */
  void fill() throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** Takes all the room but so much. */
  void leave(long bytes) throws IOException {
    long taken = Files.getFileStore(folder).getUsableSpace() - bytes;
    Files.write(ballast(), new byte[(int) Math.max(0, taken)]);
  }

  /** Gives the room back that was taken. */
  void free() throws IOException {
    Files.delete(ballast());
  }

  private Path ballast() {
    return folder.resolve("ballast");
  }

  void unmount() throws IOException, InterruptedException {
    if (!shell("umount '%s' || umount -l '%s'".formatted(folder, folder))) {
      throw new IOException("Cannot unmount '%s'".formatted(folder));
    }
  }

  private static boolean shell(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}

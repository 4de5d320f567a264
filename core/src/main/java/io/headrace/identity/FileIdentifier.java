package io.headrace.identity;

import static java.util.Objects.requireNonNull;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import io.headrace.catalog.FileIdentities;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Identifies files by their content, and reads an unchanged file once: a hash is kept with the
 * size, the times of last modification and of last status change, and the inode of the file. A file
 * that was touched so recently that its times could miss another change is read again, as Git does.
 *
 * <p>Safe for many threads.
 */
public final class FileIdentifier {
  /** The coarsest clock of a file system that is in use. */
  private static final Duration COARSEST_CLOCK = Duration.ofSeconds(2);

  private static final HexFormat HEX = HexFormat.of();
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileIdentities cache;
  private final Clock clock;

  public FileIdentifier(FileIdentities cache, Clock clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * A file as it was when it was identified.
   *
   * @param state what the file system says of it; changes with the content
   */
  public record Identified(Path file, String hash, State state) {
    /** Whether the file system still says the same. */
    public boolean isUnchanged() {
      try {
        return State.of(file).equals(state);
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** What the file system says of a file. */
  public record State(long sizeBytes, long modifiedNanos, String fileKey) {
    static State of(Path file) throws IOException {
      Map<String, Object> attributes;
      try {
        attributes = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino,dev");
      } catch (UnsupportedOperationException | IllegalArgumentException e) {
        attributes = Files.readAttributes(file, "size,lastModifiedTime");
      }
      String key =
          attributes.containsKey("ino")
              ? attributes.get("dev")
                  + ":"
                  + attributes.get("ino")
                  + ":"
                  + nanos(attributes, "ctime")
              : "";
      long size = (Long) requireNonNull(attributes.get("size"));
      return new State(size, nanos(attributes, "lastModifiedTime"), key);
    }

    private static long nanos(Map<String, Object> attributes, String name) {
      return ((FileTime) requireNonNull(attributes.get(name))).to(TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Identifies files, in the order given.
   *
   * @throws HeadraceException if one cannot be read
   */
  public List<Identified> identify(Collection<Path> files) {
    Map<String, FileIdentities.Entry> known =
        cache.findAll(files.stream().map(Path::toString).toList());
    Queue<FileIdentities.Entry> learnt = new ConcurrentLinkedQueue<>();
    List<Identified> identified =
        files.parallelStream().map(file -> identify(file, known, learnt)).toList();
    if (!learnt.isEmpty()) {
      cache.record(learnt);
    }
    return identified;
  }

  private Identified identify(
      Path file, Map<String, FileIdentities.Entry> known, Queue<FileIdentities.Entry> learnt) {
    try {
      State state = State.of(file);
      FileIdentities.Entry entry = known.get(file.toString());
      if (entry != null && state.equals(stateOf(entry))) {
        return new Identified(file, entry.hash(), state);
      }
      Instant start = clock.instant();
      String hash = hash(file);
      if (!State.of(file).equals(state)) {
        throw new HeadraceException(
            "Cannot identify '%s': it changed while it was read".formatted(file),
            "Let the writer finish, and run again");
      }
      Instant modified = Instant.ofEpochSecond(0, state.modifiedNanos());
      if (modified.plus(COARSEST_CLOCK).isBefore(start)) {
        learnt.add(
            new FileIdentities.Entry(
                file.toString(), state.sizeBytes(), state.modifiedNanos(), state.fileKey(), hash));
      }
      return new Identified(file, hash, state);
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot read '%s': %s".formatted(file, e.getMessage()), "Is it there, and readable?", e);
    }
  }

  private static State stateOf(FileIdentities.Entry entry) {
    return new State(entry.sizeBytes(), entry.modifiedNanos(), entry.fileKey());
  }

  /**
   * XXH3 of 128 bits: as sure as any hash against accidents, and ten times as fast here as the
   * cryptographic ones, which guard against people who may write the files anyway.
   */
  private static String hash(Path file) throws IOException {
    HashStream128 hash = Hashing.xxh3_128().hashStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        hash.putBytes(buffer, 0, length);
      }
    }
    HashValue128 value = hash.get();
    return HEX.toHexDigits(value.getMostSignificantBits())
        + HEX.toHexDigits(value.getLeastSignificantBits());
  }
}

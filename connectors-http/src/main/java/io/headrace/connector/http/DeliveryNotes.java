package io.headrace.connector.http;

import static java.util.Objects.requireNonNull;

import io.headrace.bytes.DurableFiles;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * Where it is noted what an API holds: in a file here, and, if there is a place for it, with the
 * API itself, which is believed then. How far a delivery is, only the file says.
 */
final class DeliveryNotes {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** Files that this process has locked: the system's locks are those of whole processes. */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Optional<URI> place;
  private final Requests requests;

  DeliveryNotes(DeliverySettings settings, Requests requests) {
    this.file = settings.notes().toAbsolutePath().normalize();
    this.place = settings.version();
    this.requests = requests;
  }

  /** Held by one delivery at a time, until its process ends. */
  interface Lock extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** Waits until nobody else delivers from here. */
  Lock lock(Cancellation cancel) throws IOException {
    Files.createDirectories(requireNonNull(file.getParent()));
    Path name = file.resolveSibling(file.getFileName() + ".lock");
    while (!LOCKED.add(name)) {
      Pause.REAL.waitFor(BETWEEN_LOOKS, cancel);
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      while (lock == null) {
        Pause.REAL.waitFor(BETWEEN_LOOKS, cancel);
        lock = channel.tryLock();
      }
    } catch (IOException | RuntimeException e) {
      unlock(name, channel);
      throw e;
    }
    FileChannel locked = channel;
    return () -> unlock(name, locked);
  }

  private static void unlock(Path name, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      LOCKED.remove(name);
    }
  }

  /** What is noted now. */
  DeliveryNote read(Spool body, Budget budget) throws IOException {
    DeliveryNote here = here();
    if (place.isEmpty()) {
      return here;
    }
    Optional<Answer> answer = requests.find(place.get(), body, budget);
    if (answer.isEmpty()) {
      return DeliveryNote.NONE;
    }
    DeliveryNote there = parse(place.get(), body);
    boolean keepsAll = !there.id().isEmpty();
    if (keepsAll) {
      return there.isSame(here) ? here : there;
    }
    return there.version().equals(here.version()) ? here : DeliveryNote.whole(there.version(), "");
  }

  private DeliveryNote parse(URI uri, Spool body) throws IOException {
    try (InputStream in = body.read()) {
      return DeliveryNote.parse(in);
    } catch (IOException e) {
      throw requests
          .failures()
          .of(
              uri,
              "what it says is no note of an export",
              "`version` names a place of the API that keeps a small document of JSON");
    }
  }

  private DeliveryNote here() throws IOException {
    try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
      return DeliveryNote.parse(in);
    } catch (NoSuchFileException e) {
      return DeliveryNote.NONE;
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot read what was delivered in '%s': %s".formatted(file, e.getMessage()),
          "If it is damaged, delete it: then all rows are delivered again");
    }
  }

  /** Notes how far a delivery is. */
  void keep(DeliveryNote note) throws IOException {
    DurableFiles.write(file, note.text(true));
  }

  /**
   * Notes that a delivery begins, in place of what was noted.
   *
   * @return whether that was still noted
   */
  boolean begin(DeliveryNote before, DeliveryNote note, Spool body, Budget budget)
      throws IOException {
    // Here first: nothing was sent, so that it does not matter if only that is done.
    keep(note);
    return tell(before, note, body, budget);
  }

  /** As {@link #begin}, that a delivery is over. */
  boolean end(DeliveryNote before, DeliveryNote note, Spool body, Budget budget)
      throws IOException {
    if (!tell(before, note, body, budget)) {
      return false;
    }
    keep(note);
    return true;
  }

  private boolean tell(DeliveryNote before, DeliveryNote note, Spool body, Budget budget)
      throws IOException {
    if (place.isEmpty()) {
      return true;
    }
    URI uri = place.get();
    Map<String, String> headers = new TreeMap<>();
    Optional<Answer> found = requests.find(uri, body, budget);
    if (found.isPresent()) {
      DeliveryNote there = parse(uri, body);
      boolean isOurs =
          there.id().isEmpty()
              ? there.version().equals(before.version())
              : there.isSame(before) || there.isSame(note);
      if (!isOurs) {
        return false;
      }
      found.get().tag().ifPresent(tag -> headers.put("If-Match", tag));
    } else {
      headers.put("If-None-Match", "*");
    }
    Outgoing content = new Outgoing("PUT", ContentType.APPLICATION_JSON, note.text(false));
    Answer answer = requests.send(uri, content, headers, body, budget).answer();
    if (answer.status() == 412) {
      return false;
    }
    if (!answer.isSuccess()) {
      throw requests.failures().status(uri, answer.status(), answer.excerpt());
    }
    return true;
  }
}

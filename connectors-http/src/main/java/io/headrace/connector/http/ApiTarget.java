package io.headrace.connector.http;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A path of an API that takes batches of rows.
 *
 * <p>Nothing makes several requests one transaction. So it is noted before the first one which
 * version is on its way, and before each how many rows it has: a delivery that was broken off goes
 * on with the same requests, and each has a key that tells the API that it is a repetition.
 */
final class ApiTarget implements Target {
  private final DeliverySettings settings;
  private final Requests requests;
  private final DeliveryNotes notes;
  private @Nullable DeliveryNote seen;

  ApiTarget(DeliverySettings settings, Requests requests) {
    this.settings = settings;
    this.requests = requests;
    this.notes = new DeliveryNotes(settings, requests);
  }

  @Override
  public boolean isReplaceable() {
    return false;
  }

  @Override
  public boolean isInSteps() {
    return true;
  }

  @Override
  public Optional<String> version() {
    try (Spool body = new Spool(Path.of(System.getProperty("java.io.tmpdir")))) {
      DeliveryNote note = notes.read(body, requests.budget(Cancellation.never()));
      seen = note;
      return note.version();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public Optional<Begun> begun() {
    return Optional.ofNullable(seen)
        .filter(note -> !note.begun().isEmpty())
        .map(note -> new Begun(note.begun(), note.isRefused()));
  }

  @Override
  public Optional<Long> deliver(Delivery delivery, Cancellation cancel) {
    cancel.throwIfRequested();
    requireDeletes(delivery);
    DeliveryNote expected = seen;
    try (DeliveryNotes.Lock lock = notes.lock(cancel);
        Spool body = new Spool(Path.of(System.getProperty("java.io.tmpdir")))) {
      Budget budget = requests.budget(cancel);
      DeliveryNote note = notes.read(body, budget);
      boolean isAsThought = expected == null || note.isSame(expected);
      if (!isAsThought || !note.version().equals(delivery.before())) {
        return Optional.empty();
      }
      String rows = digest(delivery);
      DeliveryNote work = note;
      if (!note.goesOnWith(delivery.version(), rows)) {
        work = note.begin(delivery.version(), UUID.randomUUID().toString(), rows);
        if (!notes.begin(note, work, body, budget)) {
          return Optional.empty();
        }
      }
      Batches batches = new Batches(settings, requests, notes, delivery, work);
      long sent = batches.send(body, budget);
      DeliveryNote whole = DeliveryNote.whole(Optional.of(delivery.version()), work.id());
      return notes.end(work, whole, body, budget) ? Optional.of(sent) : Optional.empty();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Sees before anything is sent that all of it can be. */
  private void requireDeletes(Delivery delivery) {
    if (!(delivery.change() instanceof Delivery.Update)
        || settings.deletes() instanceof DeliverySettings.Requested) {
      return;
    }
    boolean isFlagged = settings.deletes() instanceof DeliverySettings.Flagged;
    if (isFlagged
        && delivery.columns().stream()
            .anyMatch(column -> column.name().equals(DeliverySettings.Flagged.FLAG))) {
      throw new HeadraceException(
          "Cannot flag keys that are gone: the table has a column '%s' of its own"
              .formatted(DeliverySettings.Flagged.FLAG),
          "Say `deletes: /PATH/{KEY}`, or name the column otherwise");
    }
    try (DeliveryItems items = new DeliveryItems(delivery)) {
      if (!isFlagged && items.next() && items.isGone()) {
        throw new HeadraceException(
            "Cannot deliver to '%s': the row of key '%s' is gone, and nothing says how the API deletes"
                .formatted(settings.uri().getPath(), items.key()),
            "Say `deletes: /PATH/{KEY}` for a request with DELETE for each, or `deletes: flag` for"
                + " objects with `\"_deleted\": true` among the rows");
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Tells the files of a delivery from any others. */
  private static String digest(Delivery delivery) throws IOException {
    List<Path> files =
        delivery.change() instanceof Delivery.Update update
            ? List.of(update.keys(), update.rows())
            : List.of(delivery.change().rows());
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      all.append(Spool.digest(Files.newInputStream(file)));
    }
    return all.toString();
  }

  private HeadraceException failure(IOException e) {
    return new HeadraceException(
        "Cannot read or note what is delivered to '%s': %s"
            .formatted(settings.uri().getPath(), e.getMessage()),
        "Is there room on the disk, and may you write to '%s'?"
            .formatted(settings.notes().getParent()));
  }

  @Override
  public void close() {
    requests.close();
  }
}

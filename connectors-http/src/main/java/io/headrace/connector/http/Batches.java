package io.headrace.connector.http;

import io.headrace.connector.Delivery;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.identity.Hash;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ContentType;

/** The requests of one delivery, one after the other. Used once. */
final class Batches {
  /** The most characters of a body, so that long rows need no more memory than short ones. */
  private static final int MOST_CHARACTERS = 4 << 20;

  private static final int LONGEST_KEY = 60;

  private final DeliverySettings settings;
  private final Requests requests;
  private final DeliveryNotes notes;
  private final Delivery delivery;
  private DeliveryNote note;

  /**
   * @param note how far the delivery is
   */
  Batches(
      DeliverySettings settings,
      Requests requests,
      DeliveryNotes notes,
      Delivery delivery,
      DeliveryNote note) {
    this.settings = settings;
    this.requests = requests;
    this.notes = notes;
    this.delivery = delivery;
    this.note = note;
  }

  /**
   * Rows of one request.
   *
   * @param first key of the first one, for people; empty if there is none
   */
  private record Batch(URI uri, Outgoing content, int rows, String first, String last) {}

  /**
   * Sends what is not there.
   *
   * @return how many rows, with keys that are gone
   * @throws HeadraceException if the API refuses some, or does not answer in time
   */
  long send(Spool body, Budget budget) throws IOException {
    long begin = note.done();
    try (DeliveryItems items = new DeliveryItems(delivery)) {
      boolean hasMore = items.next();
      for (long i = 0; i < begin && hasMore; i++) {
        hasMore = items.next();
      }
      while (hasMore) {
        budget.cancel().throwIfRequested();
        if (items.isGone() && settings.deletes() instanceof DeliverySettings.Requested requested) {
          Batch batch = deletion(requested, items);
          hasMore = items.next();
          send(batch, true, body, budget);
        } else {
          // What may be there already is sent in the same pieces.
          int most = note.doubt() > 0 ? note.doubt() : settings.batch();
          Collected collected = new Collected(most, note.doubt() > 0);
          do {
            collected.add(items);
            hasMore = items.next();
          } while (hasMore && collected.hasRoom());
          send(collected.batch(), false, body, budget);
        }
      }
    }
    return note.done() - begin;
  }

  /** Rows that come together. */
  private final class Collected {
    private final StringBuilder out = new StringBuilder();
    private final int most;
    private final boolean isRepeated;
    private int rows;
    private String first = "";
    private String last = "";

    Collected(int most, boolean isRepeated) {
      this.most = most;
      this.isRepeated = isRepeated;
    }

    void add(DeliveryItems items) {
      out.append(rows == 0 || settings.areLines() ? "" : ",").append(items.json());
      out.append(settings.areLines() ? "\n" : "");
      if (!delivery.key().isEmpty()) {
        last = items.key();
        first = rows == 0 ? last : first;
      }
      rows++;
    }

    boolean hasRoom() {
      return rows < most && (isRepeated || out.length() < MOST_CHARACTERS);
    }

    Batch batch() {
      String text = settings.areLines() ? out.toString() : "[" + out + "]";
      ContentType type = settings.areLines() ? Outgoing.NDJSON : ContentType.APPLICATION_JSON;
      Outgoing content = new Outgoing(settings.method(), type, text);
      return new Batch(settings.uri(), content, rows, first, last);
    }
  }

  private Batch deletion(DeliverySettings.Requested requested, DeliveryItems items) {
    String address = requested.template();
    for (int i = 0; i < delivery.key().size(); i++) {
      String name = delivery.key().get(i);
      String value = items.keyPart(i);
      if (value.isEmpty() || value.equals(".") || value.equals("..")) {
        throw new HeadraceException(
            "Cannot delete the row of key '%s': in an address, '%s' would mean something else"
                .formatted(items.key(), value),
            "Say `deletes: flag`, if the API can take that");
      }
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
      address = replace(address, "{" + name.toLowerCase(Locale.ROOT) + "}", encoded);
    }
    Outgoing content = new Outgoing("DELETE", ContentType.APPLICATION_JSON, "");
    return new Batch(DeliverySettings.uri(address), content, 1, items.key(), items.key());
  }

  /** Of names, case does not count; what was put in for another has no braces. */
  private static String replace(String address, String name, String value) {
    int at = address.toLowerCase(Locale.ROOT).indexOf(name);
    return at < 0
        ? address
        : address.substring(0, at) + value + address.substring(at + name.length());
  }

  private void send(Batch batch, boolean isDeletion, Spool body, Budget budget) throws IOException {
    boolean wasInDoubt = note.doubt() > 0;
    note = note.at(note.done(), batch.rows(), false);
    notes.keep(note);
    Requests.Reply reply;
    try {
      reply = requests.send(batch.uri(), batch.content(), headers(batch), body, budget);
    } catch (CancelledException e) {
      throw e;
    } catch (HeadraceException e) {
      throw with(e, batch);
    }
    int status = reply.answer().status();
    boolean isGone = isDeletion && (status == 404 || status == 410);
    if (!reply.answer().isSuccess() && !isGone) {
      refused(wasInDoubt || reply.isInDoubt(), body, budget);
      throw with(requests.failures().status(batch.uri(), status, reply.answer().excerpt()), batch);
    }
    note = note.at(note.done() + batch.rows(), 0, false);
  }

  private void refused(boolean isInDoubt, Spool body, Budget budget) throws IOException {
    DeliveryNote refused = note.at(note.done(), isInDoubt ? note.doubt() : 0, true);
    notes.keep(refused);
    if (note.done() > 0 || isInDoubt) {
      return;
    }
    try {
      boolean unused = notes.end(refused, refused.withdraw(), body, budget);
    } catch (CancelledException e) {
      throw e;
    } catch (HeadraceException e) {
      // That rows are refused matters more. Until it is noted, they count as begun.
    }
  }

  /** The same for the same rows of the same delivery, and never for others. */
  private Map<String, String> headers(Batch batch) {
    String key =
        Hash.of("batch")
            .add(note.id())
            .add(Long.toString(note.done()))
            .add(batch.content().method())
            .add(batch.uri().toString())
            .add(batch.content().body())
            .text();
    return Map.of("Idempotency-Key", key);
  }

  private HeadraceException with(HeadraceException e, Batch batch) {
    long first = note.done() + 1;
    List<String> keys =
        batch.first().equals(batch.last())
            ? List.of(batch.first())
            : List.of(batch.first(), batch.last());
    String rows =
        batch.rows() == 1
            ? String.format(Locale.ROOT, "row %,d", first)
            : String.format(Locale.ROOT, "rows %,d to %,d", first, first + batch.rows() - 1);
    String range =
        batch.first().isEmpty()
            ? ""
            : ", %s %s"
                .formatted(
                    String.join(", ", delivery.key()),
                    String.join(" to ", keys.stream().map(Batches::shortened).toList()));
    return new HeadraceException(
        "%s (%s of the delivery%s)".formatted(e.getMessage(), rows, range), e.hint());
  }

  private static String shortened(String key) {
    return key.length() > LONGEST_KEY ? key.substring(0, LONGEST_KEY) + "..." : key;
  }
}

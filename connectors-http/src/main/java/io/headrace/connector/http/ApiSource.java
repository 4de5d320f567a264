package io.headrace.connector.http;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.connector.Staged;
import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CsvRow;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an API.
 *
 * <p>An API tells no highest value of a cursor, so that {@link #positions(List, boolean,
 * Cancellation)} looks for it in rows: in the newest one, or in all that are behind the position
 * that is known. What is read then is asked for again from that position on, and each row is taken
 * by its own cursor: so it does not matter whether the API counts the row at the position in, nor
 * what comes meanwhile.
 */
final class ApiSource implements Source {
  private final ApiSettings settings;
  private final Requests requests;
  private final PageWalk pages;
  private final InstantSource clock;

  ApiSource(
      ApiSettings settings, ConnectionSettings connection, Requests requests, InstantSource clock) {
    this.settings = settings;
    this.requests = requests;
    this.pages = new PageWalk(settings, connection, requests);
    this.clock = clock;
  }

  @Override
  public List<DeclaredColumn> columns() {
    return settings.columns();
  }

  @Override
  public boolean mayStayOpen() {
    return true;
  }

  @Override
  public List<Position> positions(List<Position> known, boolean afresh, Cancellation cancel) {
    cancel.throwIfRequested();
    if (settings.cursor().isEmpty()) {
      return List.of();
    }
    Cursor cursor = settings.cursor().get();
    if (!settings.newest().isEmpty()) {
      Highest newest =
          highest(cursor, new PageWalk.Walk(settings.newest(), true), Optional.empty(), cancel);
      // If every row of that page may still get others of its time, all are looked at.
      if (newest.rows == 0 || newest.settled != null) {
        return newest.settled == null ? List.of() : List.of(newest.settled);
      }
    }
    Optional<Position> start = afresh ? Optional.empty() : cursor.find(known);
    Highest highest =
        highest(cursor, new PageWalk.Walk(since(cursor, start), false), start, cancel);
    return highest.settled == null ? List.of() : List.of(highest.settled);
  }

  private Map<String, String> since(Cursor cursor, Optional<Position> start) {
    return start
        .filter(position -> !settings.since().isEmpty())
        .map(position -> Map.of(settings.since(), cursor.asked(position)))
        .orElse(Map.of());
  }

  /** The furthest row, of those that are settled. */
  private final class Highest {
    private final Cursor cursor;
    private Instant now = clock.instant();
    private long rows;
    private @Nullable Position settled;

    Highest(Cursor cursor, Optional<Position> start) {
      this.cursor = cursor;
      this.settled = start.orElse(null);
    }

    void add(@Nullable String[] texts) throws InvalidAnswerException {
      rows++;
      Position position = position(cursor, texts);
      Position before = settled;
      boolean isFurther = before == null || !before.hasReached(position);
      if (isFurther && cursor.isSettled(position, now)) {
        settled = position;
      }
    }
  }

  private Highest highest(
      Cursor cursor, PageWalk.Walk walk, Optional<Position> start, Cancellation cancel) {
    Highest highest = new Highest(cursor, start);
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      pages.read(
          walk,
          folder,
          requests.budget(cancel),
          date -> highest.now = date.orElse(highest.now),
          highest::add);
    } catch (IOException e) {
      throw requests.failures().keeping(e);
    }
    return highest;
  }

  private static Position position(Cursor cursor, @Nullable String[] texts)
      throws InvalidAnswerException {
    String value = texts[cursor.index()];
    if (value == null) {
      throw new InvalidAnswerException(
          "a row has no value in the cursor '%s', and would never be read"
              .formatted(cursor.column().name()),
          "Take another column, or read everything without `cursor`");
    }
    return cursor
        .position(value)
        .orElseThrow(
            () ->
                new InvalidAnswerException(
                    "the cursor '%s' has the value '%s', which has no place in an order"
                        .formatted(cursor.column().name(), value),
                    "Text that looks like a number is ordered otherwise than that: declare it as a"
                        + " number"));
  }

  @Override
  public Staged read(List<Position> after, List<Position> upTo, Path folder, Cancellation cancel) {
    cancel.throwIfRequested();
    Optional<Cursor> cursor = settings.cursor();
    Optional<Position> first = cursor.flatMap(known -> known.find(after));
    Optional<Position> last = cursor.flatMap(known -> known.find(upTo));
    try (CsvFiles files = new CsvFiles(folder)) {
      if (cursor.isEmpty() || last.isPresent()) {
        Map<String, String> parameters = cursor.map(known -> since(known, first)).orElse(Map.of());
        CsvRow row = new CsvRow();
        pages.read(
            new PageWalk.Walk(parameters, false),
            folder,
            requests.budget(cancel),
            date -> {},
            texts -> {
              cancel.throwIfRequested();
              if (cursor.isEmpty() || isBetween(position(cursor.get(), texts), first, last)) {
                write(texts, row, files);
              }
            });
      }
      return files.finish(columns());
    } catch (IOException e) {
      throw requests.failures().keeping(e);
    }
  }

  private static boolean isBetween(
      Position position, Optional<Position> after, Optional<Position> upTo) {
    return after.filter(first -> first.hasReached(position)).isEmpty()
        && upTo.filter(last -> last.hasReached(position)).isPresent();
  }

  private void write(@Nullable String[] texts, CsvRow row, CsvFiles files) throws IOException {
    for (int i = 0; i < texts.length; i++) {
      if (i > 0) {
        row.separate();
      }
      String text = texts[i];
      if (text == null) {
        continue;
      }
      Field field = settings.fields().get(i);
      if (!field.type().isQuoted()) {
        row.plain(text);
      } else if (!row.quoted(text)) {
        throw new InvalidAnswerException(
            "column '%s' has half of a character in it".formatted(field.column().name()),
            "Let the API mend it, or leave the column out");
      }
    }
    row.end(files);
  }

  @Override
  public void close() {
    requests.close();
  }
}

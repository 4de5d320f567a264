package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * How rows that each say something about a key, at some moment, become the rows of a table.
 *
 * <p>A key has one row at a moment. Rows that repeat each other count once; rows that differ and
 * have the same key and moment are an error, unless one of them says that the key is deleted, which
 * then counts. A key or a moment that is null is an error.
 *
 * @param kind which rows the table has
 * @param key the columns that make the key, one or more
 * @param latestBy the columns that order the rows of a key, one or more; the first one says most
 * @param deletedWhen a condition, in the engine's dialect, on rows that say that a key is gone
 * @param tracked of a history: the columns whose change begins a new row; empty for all but {@code
 *     latestBy}
 */
public record KeyRule(
    Kind kind,
    List<String> key,
    List<String> latestBy,
    Optional<String> deletedWhen,
    List<String> tracked) {
  /** The columns that a history has besides those of its rows. */
  public static final String VALID_FROM = "valid_from";

  public static final String VALID_TO = "valid_to";
  public static final String IS_CURRENT = "is_current";

  public KeyRule {
    requireNonNull(kind, "kind is null");
    key = List.copyOf(key);
    latestBy = List.copyOf(latestBy);
    tracked = List.copyOf(tracked);
    if (key.isEmpty() || latestBy.isEmpty()) {
      throw new IllegalArgumentException("No key, or nothing that orders its rows");
    }
  }

  /** Which rows a table of keys has. */
  public enum Kind {
    /** Of each key that is not deleted, the latest row. */
    LATEST,
    /**
     * Of each key all its rows in order, each with the moment that it is valid from, that of the
     * next one, and whether it is the last: a slowly changing dimension of type 2.
     */
    HISTORY
  }
}

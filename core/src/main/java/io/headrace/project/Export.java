package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.connector.Connection;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.Location;
import io.headrace.table.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table that is delivered somewhere else, as it is in an environment.
 *
 * @param name that of its file
 * @param key columns that tell rows apart, if the mode is {@code UPSERT}
 * @param orSwap whether all rows are written if the mode cannot tell which; else that is an error
 * @param at its file
 */
public record Export(
    String name,
    String description,
    TableName table,
    String environment,
    Destination destination,
    Mode mode,
    List<String> key,
    boolean orSwap,
    Location at) {
  public Export {
    requireNonNull(name, "name is null");
    requireNonNull(description, "description is null");
    requireNonNull(table, "table is null");
    requireNonNull(environment, "environment is null");
    requireNonNull(destination, "destination is null");
    requireNonNull(mode, "mode is null");
    key = List.copyOf(key);
    requireNonNull(at, "at is null");
  }

  /** How the rows of a version come to where those of another are. */
  public enum Mode {
    SWAP,
    UPSERT,
    APPEND;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where the rows go; {@code toString()} is for messages. */
  public sealed interface Destination {}

  /**
   * A thing in an outside system.
   *
   * @param kind of the connector that delivers to it
   * @param into its name there
   * @param settings of how rows are delivered, by key
   */
  public record External(
      String kind, Connection connection, String into, SortedMap<String, String> settings)
      implements Destination {
    public External {
      settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    @Override
    public String toString() {
      return connection.name() + ": " + into;
    }
  }

  /**
   * A file.
   *
   * @param path relative to the project's folder, or absolute
   */
  public record File(String path, ExportFormat format) implements Destination {
    @Override
    public String toString() {
      return path;
    }
  }
}

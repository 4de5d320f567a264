package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.check.Check;
import io.headrace.connector.Connection;
import io.headrace.engine.Query;
import io.headrace.engine.Sifting;
import io.headrace.error.Location;
import io.headrace.table.KeyRule;
import io.headrace.table.PartitionField;
import io.headrace.table.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A node of the graph: one file that makes the table of the same name.
 *
 * @param file relative to the project's folder
 */
public record Task(TableName name, String file, Body body, Configuration configuration) {
  public Task {
    requireNonNull(name, "name is null");
    requireNonNull(file, "file is null");
    requireNonNull(body, "body is null");
    requireNonNull(configuration, "configuration is null");
  }

  /** Whether the table has the rows that another one rejects. */
  public boolean isOfRejected() {
    return configuration
        .reject()
        .filter(reject -> reject.sifting().half() == Sifting.Half.REJECTED)
        .isPresent();
  }

  /** Whether the table keeps how things were, which nothing but its version before says. */
  public boolean keepsStates() {
    return configuration.incremental().orElse(null) instanceof Snapshots;
  }

  /** How the table is made. */
  public sealed interface Body {}

  /**
   * A query; {@code text} is the whole file, front matter included, so that offsets are the file's.
   */
  public record Sql(String text) implements Body {}

  /** The file is the data. */
  public record Data(Query.Format format) implements Body {}

  /**
   * Data files elsewhere.
   *
   * @param globs relative to the project's folder
   * @param pathColumns the columns that the names of the files give
   * @param at where the globs are written
   */
  public record Files(
      List<String> globs,
      Query.Format format,
      List<Query.DeclaredColumn> columns,
      List<Query.PathColumn> pathColumns,
      SortedMap<String, String> options,
      Location at)
      implements Body {
    public Files {
      globs = List.copyOf(globs);
      columns = List.copyOf(columns);
      pathColumns = List.copyOf(pathColumns);
      options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }
  }

  /**
   * The rows of a thing in an outside system.
   *
   * @param kind of the connector that reads them
   * @param settings which thing it is, in the words of the connector
   * @param hasCursor whether its positions tell one state of it from another
   * @param columns types of columns that are not the system's own
   * @param others connections that the settings name besides, by key
   * @param at where the thing is named
   */
  public record External(
      String kind,
      Connection connection,
      SortedMap<String, String> settings,
      boolean hasCursor,
      List<Query.DeclaredColumn> columns,
      SortedMap<String, Connection> others,
      Location at)
      implements Body {
    /** The column by which rows are read in parts, at the same time. */
    public static final String PARALLEL_BY = "parallel_by";

    /** How many parts these are. */
    public static final String PARALLEL_PARTS = "parallel_parts";

    public External {
      others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
      settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
      columns = List.copyOf(columns);
    }

    /** The settings that say what the rows are, and not how they are read. */
    public SortedMap<String, String> settingsOfRows() {
      SortedMap<String, String> rest = new TreeMap<>(settings);
      rest.keySet().removeAll(Set.of(PARALLEL_BY, PARALLEL_PARTS));
      return rest;
    }

    /** What it is called in messages, and as an input. */
    public String label() {
      return connection.name()
          + ": "
          + Stream.of("topic", "table", "path")
              .flatMap(key -> Optional.ofNullable(settings.get(key)).stream())
              .findFirst()
              .orElse("query");
    }
  }

  /** How a table is made from the rows of an input that are new since the version before. */
  public sealed interface Incremental {
    /** The input that grows; empty for the only one, or for the files of a source. */
    Optional<TableName> input();

    /** Whether an input that changed otherwise is an error; else all is built again. */
    boolean refuse();

    /** What makes rows of the same key one; empty if rows have no key. */
    Optional<KeyRule> rule();

    /** Where it is written. */
    Location at();
  }

  /** What the query makes of new rows is added. */
  public record Append(Optional<TableName> input, boolean refuse, Location at)
      implements Incremental {
    public Append {
      requireNonNull(input, "input is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public Optional<KeyRule> rule() {
      return Optional.empty();
    }
  }

  /**
   * The query says how things are now, and the table keeps how they were: each version goes on from
   * the one before.
   *
   * @param keyRule for histories, in which a row is valid from the moment that it was seen at
   * @param missingIsGone whether a key that the query does not return is gone; else it stays
   */
  public record Snapshots(KeyRule keyRule, boolean missingIsGone, Location at)
      implements Incremental {
    public Snapshots {
      requireNonNull(keyRule, "keyRule is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public Optional<KeyRule> rule() {
      return Optional.of(keyRule);
    }

    @Override
    public Optional<TableName> input() {
      return Optional.empty();
    }

    @Override
    public boolean refuse() {
      return false;
    }
  }

  /** What the query makes of new rows replaces the rows of the same keys. */
  public record Keyed(KeyRule keyRule, Optional<TableName> input, boolean refuse, Location at)
      implements Incremental {
    public Keyed {
      requireNonNull(keyRule, "keyRule is null");
      requireNonNull(input, "input is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public Optional<KeyRule> rule() {
      return Optional.of(keyRule);
    }
  }

  /**
   * A table that is made item by item: the query of the file runs once for each row of another.
   *
   * @param sql the query whose rows are the items
   * @param at where it is written
   */
  public record Foreach(String sql, Location at) {
    public Foreach {
      requireNonNull(sql, "sql is null");
      requireNonNull(at, "at is null");
    }
  }

  /**
   * That some rows are not the table's, but those of another one.
   *
   * @param sifting says which rows this table has
   * @param other the table that has the others
   * @param at where it is written
   */
  public record Reject(Sifting sifting, TableName other, Location at) {
    public Reject {
      requireNonNull(sifting, "sifting is null");
      requireNonNull(other, "other is null");
      requireNonNull(at, "at is null");
    }
  }

  /**
   * What the file says beside the code.
   *
   * @param partitionBy empty for a table in one piece
   * @param renamed old column name by new one
   * @param limits what it may take, as far as that is said
   * @param lookback present if each partition by time depends on the same one of the inputs and so
   *     many before it
   * @param incremental present if only new rows of an input are read
   * @param foreach present if the table is made item by item
   * @param reject present if rows are divided between this table and another
   * @param allowEmpty whether the table may drop from many rows to none
   */
  public record Configuration(
      String description,
      String owner,
      SortedSet<String> tags,
      List<PartitionField> partitionBy,
      SortedMap<String, String> renamed,
      List<Check> checks,
      Limits limits,
      Optional<Integer> lookback,
      Optional<Incremental> incremental,
      Optional<Foreach> foreach,
      Optional<Reject> reject,
      boolean allowEmpty) {
    public static final Configuration NONE =
        new Configuration(
            "",
            "",
            new TreeSet<>(),
            List.of(),
            new TreeMap<>(),
            List.of(),
            Limits.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);

    /** The same with other checks. */
    Configuration with(List<Check> others) {
      return new Configuration(
          description,
          owner,
          tags,
          partitionBy,
          renamed,
          others,
          limits,
          lookback,
          incremental,
          foreach,
          reject,
          allowEmpty);
    }

    /** The same of a table that has not all rows. */
    Configuration with(Reject division) {
      return new Configuration(
          description,
          owner,
          tags,
          partitionBy,
          renamed,
          checks,
          limits,
          lookback,
          incremental,
          foreach,
          Optional.of(division),
          allowEmpty);
    }

    public Configuration {
      tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
      partitionBy = List.copyOf(partitionBy);
      renamed = Collections.unmodifiableSortedMap(new TreeMap<>(renamed));
      checks = List.copyOf(checks);
    }
  }
}

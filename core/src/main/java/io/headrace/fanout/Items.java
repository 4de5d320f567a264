package io.headrace.fanout;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.engine.Session.Rows;
import io.headrace.error.Location;
import io.headrace.error.NearestWord;
import io.headrace.error.PlacedException;
import io.headrace.graph.Node;
import io.headrace.graph.Places;
import io.headrace.project.Task;
import io.headrace.sql.ParameterizedSql;
import io.headrace.sql.SqlNames;
import io.headrace.sql.Subquery;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The items of a table that is made item by item: the rows of the query under {@code foreach},
 * whose columns are parameters of the table's query and columns of the table.
 *
 * <p>Each method that asks a session throws {@link PlacedException} if the query of the items is
 * wrong, or does not fit the table's.
 */
public final class Items {
  /** More than these are hardly meant. */
  public static final int MOST = 10_000;

  private final Node node;
  private final Node.Fanout fanout;
  private final List<Column> columns;
  private final List<String> types;
  private final List<List<Object>> rows;

  private Items(Node node, List<Column> columns, Rows rows) {
    this.node = node;
    this.fanout = node.fanout().orElseThrow();
    this.columns = columns;
    this.types =
        rows.columns().stream().limit(columns.size()).map(Session.ResultColumn::type).toList();
    this.rows = rows.values();
  }

  /** Finds all items. What the query of the items reads must be bound in the session. */
  public static Items read(Node node, Session session, Cancellation cancel) {
    return of(node, session, MOST, cancel);
  }

  /** Finds out what items there could be, and none of them. Empty tables are enough for that. */
  public static Items describe(Node node, Session session) {
    return of(node, session, 0, Cancellation.never());
  }

  private static Items of(Node node, Session session, int limit, Cancellation cancel) {
    Node.Fanout fanout = node.fanout().orElseThrow();
    Query query = new Query.Select(fanout.sql());
    List<Column> columns = placed(fanout, () -> session.describe(query, cancel));
    columns.forEach(column -> requirePlain(fanout.at(), column));
    List<String> names = columns.stream().map(Column::name).map(SqlNames::quote).toList();
    String texts =
        names.stream()
            .map(name -> "CAST(%s AS VARCHAR)".formatted(name))
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT %s, %s FROM %s"
            .formatted(String.join(", ", names), texts, Subquery.of(fanout.sql()));
    Rows rows = placed(fanout, () -> session.query(new Query.Select(sql), limit, cancel));
    if (limit > 0 && rows.truncated()) {
      throw new PlacedException(
          fanout.at(),
          "`foreach` gives more than %,d items".formatted(MOST),
          "Let each item be larger, or use `partition_by`",
          null);
    }
    Items items = new Items(node, columns, rows);
    items.requireParameters();
    return items;
  }

  /** The columns that the items give. */
  public List<Column> columns() {
    return columns;
  }

  /** How the table is partitioned: by each column of the items. */
  public List<PartitionField> partitioning() {
    return columns.stream()
        .map(column -> new PartitionField(Transform.IDENTITY, column.name()))
        .toList();
  }

  /** The columns of the table, without ids: those of the items, then those of its query. */
  public List<Column> describeTable(Session session, Cancellation cancel) {
    return describe(template(), session, cancel);
  }

  /** An item without values, for questions that need no rows. */
  public Item template() {
    List<String> nulls = columns.stream().map(column -> "NULL").toList();
    return item(nulls, nulls, fanout.parameters());
  }

  /** The columns of the table, as one item has them. */
  public List<Column> describe(Item item, Session session, Cancellation cancel) {
    Query.Select query = new Query.Select(item.node().sql());
    List<Column> all = new ArrayList<>(columns);
    for (Column own : session.describe(query, cancel)) {
      if (columns.stream().anyMatch(column -> column.name().equalsIgnoreCase(own.name()))) {
        throw new PlacedException(
            Places.start(node),
            "the query returns a column '%s', which `foreach` adds".formatted(own.name()),
            "Leave it out: in each row it is the item's value",
            null);
      }
      all.add(own);
    }
    return all;
  }

  /**
   * All items.
   *
   * @throws PlacedException if two are the same, or one has no value in a column
   */
  public List<Item> list() {
    List<Item> items = new ArrayList<>(rows.size());
    Set<List<String>> seen = new HashSet<>();
    for (List<Object> row : rows) {
      List<String> values = new ArrayList<>(columns.size());
      for (int i = 0; i < columns.size(); i++) {
        Object value = row.get(columns.size() + i);
        if (value == null) {
          throw new PlacedException(
              fanout.at(),
              "`foreach` gives an item without a value in column '%s'"
                  .formatted(columns.get(i).name()),
              "Leave such rows out: WHERE %s IS NOT NULL".formatted(columns.get(i).name()),
              null);
        }
        values.add(value.toString());
      }
      Item item = of(values);
      if (!seen.add(values)) {
        throw new PlacedException(
            fanout.at(), "`foreach` gives item %s twice".formatted(item), "Add DISTINCT", null);
      }
      items.add(item);
    }
    return items;
  }

  /**
   * The item of given values.
   *
   * @param values one for each column
   */
  public Item of(List<String> values) {
    return of(values, fanout.parameters());
  }

  /**
   * The same with other values of the project's parameters.
   *
   * @param parameters SQL literal by name
   */
  public Item of(List<String> values, Map<String, String> parameters) {
    return item(values.stream().map(SqlNames::literal).toList(), values, parameters);
  }

  private Item item(List<String> sqlValues, List<String> values, Map<String, String> parameters) {
    SortedMap<String, String> literals = new TreeMap<>(parameters);
    List<Query.FixedColumn> fixed = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).name();
      String literal = "CAST(%s AS %s)".formatted(sqlValues.get(i), types.get(i));
      fixed.add(new Query.FixedColumn(name, literal));
      literals.put(name, literal);
    }
    String text = ((Task.Sql) node.task().body()).text();
    ParameterizedSql sql = ParameterizedSql.of(text, literals);
    return new Item(node.ofItem(sql.sql(), sql.used()), fixed, values);
  }

  private void requireParameters() {
    Map<String, String> known = new HashMap<>(fanout.parameters());
    for (Column column : columns) {
      if (known.put(column.name(), "") != null) {
        throw new PlacedException(
            fanout.at(),
            "'$%s' is a parameter of the project and a column of `foreach`"
                .formatted(column.name()),
            "Rename the column with AS",
            null);
      }
    }
    String text = ((Task.Sql) node.task().body()).text();
    Optional<ParameterizedSql.Unknown> unknown =
        ParameterizedSql.of(text, known).unknown().stream().findFirst();
    if (unknown.isPresent()) {
      String name = unknown.get().name();
      List<String> names = columns.stream().map(Column::name).toList();
      throw new PlacedException(
          Location.of(node.task().file(), text, unknown.get().offset()),
          "Unknown parameter '$%s'".formatted(name),
          NearestWord.hint(name, names, "The columns of `foreach` are " + String.join(", ", names)),
          null);
    }
  }

  /** Whether each value has one text, and other values have other ones. */
  private static void requirePlain(Location at, Column column) {
    ColumnType type = column.type();
    boolean plain =
        type instanceof ColumnType.Decimal
            || (type instanceof Primitive
                && !Set.of(Primitive.FLOAT, Primitive.DOUBLE, Primitive.BINARY).contains(type));
    if (!plain) {
      throw new PlacedException(
          at,
          "column '%s' of `foreach` is %s, which cannot name an item"
              .formatted(column.name(), type),
          "Convert it to a text, a date or a whole number",
          null);
    }
  }

  private static <T> T placed(Node.Fanout fanout, Supplier<T> asking) {
    try {
      return requireNonNull(asking.get());
    } catch (QueryException e) {
      throw new PlacedException(fanout.at(), "`foreach`: " + e.getMessage(), e.hint(), e);
    }
  }
}

package io.headrace.faults;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A project that a test edits at random: tables of a key and a value, each computed from others.
 *
 * @param tables by name; each reads only tables whose names sort before its own
 * @param offset value of the parameter that some of them use
 */
record RandomProject(SortedMap<String, Table> tables, int offset) {
  private static final int KEYS = 6;
  private static final int MOST_TABLES = 14;

  RandomProject {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
  }

  /** A table: what it means, and how that is written down. */
  sealed interface Table {
    List<String> inputs();
  }

  /** A file: value by key, in the order of its lines. */
  record Csv(List<Integer> keys, List<Integer> values) implements Table {
    @Override
    public List<String> inputs() {
      return List.of();
    }

    String text() {
      StringBuilder text = new StringBuilder("k,v\n");
      for (int i = 0; i < keys.size(); i++) {
        text.append(keys.get(i)).append(',').append(values.get(i)).append('\n');
      }
      return text.toString();
    }
  }

  /**
   * A query.
   *
   * @param below only keys below it are kept
   * @param form another way to write the same computation
   * @param column name of the value
   * @param style of comments, white space and case, which mean nothing
   * @param description which means nothing either
   */
  record Query(
      List<String> inputs,
      int below,
      int addend,
      int form,
      boolean usesOffset,
      String column,
      boolean partitioned,
      int style,
      int description)
      implements Table {

    /** What its result depends on, besides its inputs: two that differ are built apart. */
    String code(int offset) {
      return List.of(
              inputs, below, addend, form, column, partitioned, usesOffset ? offset : "no offset")
          .toString();
    }

    String text() {
      String union =
          inputs.stream()
              .map(input -> "SELECT k, v FROM %s AS x(k, v)".formatted(input))
              .collect(Collectors.joining(" UNION ALL "));
      String sum = form == 0 ? "sum(v)" : form == 1 ? "(sum(v) + 0)" : "sum(v + 0)";
      String sql =
          "SELECT k, CAST(%s + %d + %s AS BIGINT) AS %s FROM (%s) AS y WHERE k < %d GROUP BY k"
              .formatted(sum, addend, usesOffset ? "$amount" : "0", column, union, below);
      return frontMatter() + styled(sql);
    }

    private String frontMatter() {
      return """
      /*---
      description: Number %d
      tags: [t%d]
      allow_empty: true
      %s---*/
      """
          .formatted(description, description % 3, partitioned ? "partition_by: k\n" : "");
    }

    private String styled(String sql) {
      return switch (style % 4) {
        case 0 -> sql;
        case 1 -> sql.replace(" ", "\n  ") + "\n";
        case 2 ->
            sql.replace("SELECT", "select").replace("FROM", "From").replace("GROUP BY", "group by");
        default -> "-- a comment, number %d\n%s /* and another */;\n".formatted(style, sql);
      };
    }
  }

  static RandomProject start(SplittableRandom random) {
    RandomProject project = new RandomProject(new TreeMap<>(), 0);
    for (int i = 0; i < 2; i++) {
      project = project.with("a%d".formatted(i), csv(random));
    }
    for (int i = 0; i < 8; i++) {
      project = project.addQuery(random);
    }
    return project;
  }

  private RandomProject with(String name, Table table) {
    SortedMap<String, Table> changed = new TreeMap<>(tables);
    changed.put(name, table);
    return new RandomProject(changed, offset);
  }

  private static Csv csv(SplittableRandom random) {
    List<Integer> keys = new ArrayList<>();
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      keys.add(random.nextInt(KEYS));
      values.add(random.nextInt(5));
    }
    return new Csv(keys, values);
  }

  private RandomProject addQuery(SplittableRandom random) {
    String name = "t%02d".formatted(random.nextInt(40));
    List<String> before = List.copyOf(tables.headMap(name).keySet());
    if (tables.containsKey(name) || tables.size() >= MOST_TABLES) {
      return this;
    }
    List<String> inputs =
        random
            .ints(1 + random.nextInt(2), 0, before.size())
            .distinct()
            .sorted()
            .mapToObj(before::get)
            .toList();
    return with(
        name,
        new Query(
            inputs,
            1 + random.nextInt(KEYS + 2),
            random.nextInt(3),
            0,
            random.nextInt(3) == 0,
            "v",
            random.nextInt(4) == 0,
            0,
            0));
  }

  /** The project after one random edit, which may leave it as it was. */
  RandomProject edited(SplittableRandom random) {
    List<String> names = List.copyOf(tables.keySet());
    String name = names.get(random.nextInt(names.size()));
    Table table = requireNonNull(tables.get(name));
    int choice = random.nextInt(20);
    if (choice == 0) {
      return addQuery(random);
    }
    if (choice == 1) {
      return withoutLeaf(random);
    }
    if (choice == 2) {
      return new RandomProject(tables, random.nextInt(3));
    }
    return with(
        name, table instanceof Query query ? edited(query, random) : edited((Csv) table, random));
  }

  private RandomProject withoutLeaf(SplittableRandom random) {
    List<String> leaves =
        tables.keySet().stream()
            .filter(name -> name.startsWith("t"))
            .filter(name -> tables.values().stream().noneMatch(t -> t.inputs().contains(name)))
            .toList();
    if (leaves.isEmpty() || tables.size() < 6) {
      return this;
    }
    SortedMap<String, Table> rest = new TreeMap<>(tables);
    rest.remove(leaves.get(random.nextInt(leaves.size())));
    return new RandomProject(rest, offset);
  }

  private static Table edited(Csv csv, SplittableRandom random) {
    int at = random.nextInt(csv.keys().size());
    List<Integer> keys = new ArrayList<>(csv.keys());
    List<Integer> values = new ArrayList<>(csv.values());
    if (random.nextInt(3) == 0) {
      // Another order of the same rows.
      Collections.rotate(keys, at);
      Collections.rotate(values, at);
    } else {
      values.set(at, random.nextInt(5));
    }
    return new Csv(keys, values);
  }

  private static Query edited(Query q, SplittableRandom random) {
    int value = random.nextInt(3);
    return switch (random.nextInt(8)) {
      case 0 -> copy(q, q.below(), value, q.form(), q.column(), q.partitioned());
      case 1 ->
          copy(q, 1 + random.nextInt(KEYS + 2), q.addend(), q.form(), q.column(), q.partitioned());
      case 2 -> copy(q, q.below(), q.addend(), value, q.column(), q.partitioned());
      case 3 -> copy(q, q.below(), q.addend(), q.form(), "v" + value, q.partitioned());
      case 4 -> copy(q, q.below(), q.addend(), q.form(), q.column(), !q.partitioned());
      case 5 -> written(q, q.style(), q.description() + 1);
      default -> written(q, random.nextInt(16), q.description());
    };
  }

  private static Query copy(
      Query q, int below, int addend, int form, String column, boolean partitioned) {
    return new Query(
        q.inputs(),
        below,
        addend,
        form,
        q.usesOffset(),
        column,
        partitioned,
        q.style(),
        q.description());
  }

  private static Query written(Query q, int style, int description) {
    return new Query(
        q.inputs(),
        q.below(),
        q.addend(),
        q.form(),
        q.usesOffset(),
        q.column(),
        q.partitioned(),
        style,
        description);
  }

  /** Writes what differs from {@code before}. */
  void write(TestProject project, RandomProject before) {
    before.tables.keySet().stream()
        .filter(name -> !tables.containsKey(name))
        .forEach(name -> project.delete("tables/" + name + ".sql"));
    tables.forEach(
        (name, table) -> {
          if (!table.equals(before.tables.get(name))) {
            if (table instanceof Csv csv) {
              project.write("tables/" + name + ".csv", csv.text());
            } else {
              project.table(name, ((Query) table).text());
            }
          }
        });
    project.write(
        "headrace.yaml", String.format(Locale.ROOT, "parameters:\n  amount: %d\n", offset));
  }
}

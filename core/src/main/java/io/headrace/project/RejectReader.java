package io.headrace.project;

import io.headrace.check.Check;
import io.headrace.check.CheckReader;
import io.headrace.engine.Query;
import io.headrace.engine.Sifting;
import io.headrace.engine.Sifting.Half;
import io.headrace.engine.Sifting.Rule;
import io.headrace.error.Location;
import io.headrace.sql.SqlNames;
import io.headrace.table.KeyRule;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads what a task says of rows that it rejects, and makes of such a task two: one that has the
 * good rows, and one that has the others. Both are functions of the same inputs, like any tasks.
 */
final class RejectReader {
  static final String REJECT = "reject";
  static final List<String> MAP_KEYS = List.of("rules", "at_most");
  static final List<String> RULE_KEYS = List.of("rule", "name");

  /** What tells of a rejected record of a file where it is, and what it was. */
  private static final List<String> RECORD = List.of("(source)", "(position)", "(raw)");

  private static final String ENDING = "__rejected";

  private RejectReader() {}

  /** Whether a table of that name can only be one of rejected rows. */
  static boolean isReserved(String name) {
    return name.endsWith(ENDING);
  }

  /**
   * What is said.
   *
   * @param most a check that no more rows are rejected than may be, if that is said
   */
  private record Declared(List<Rule> rules, Optional<Check> most, Location at) {
    Declared {
      rules = List.copyOf(rules);
    }
  }

  /**
   * The configuration of a task, with what it says of rejected rows.
   *
   * @param plain all else that it says
   */
  static Task.Configuration apply(
      TableName table, YamlMap task, Task.Configuration plain, Task.Body body) {
    TableName other = new TableName(table.schema(), table.name() + ENDING);
    boolean isTopic = body instanceof Task.External && TopicReader.isTopic(task);
    Optional<Declared> declared = task.find(REJECT).map(value -> declared(value, table, other));
    if (declared.isPresent()) {
      requireMeaning(task, plain, body, declared.get());
    } else if (isTopic) {
      declared = Optional.of(new Declared(List.of(), Optional.empty(), TopicReader.place(task)));
    }
    return declared.map(d -> good(other, plain, d, origin(body, isTopic))).orElse(plain);
  }

  private static List<String> origin(Task.Body body, boolean isTopic) {
    return isTopic ? TopicReader.ORIGIN : isText(body) ? RECORD : List.of();
  }

  /** Whether it is read from files in which a record may be anything. */
  private static boolean isText(Task.Body body) {
    return body instanceof Task.Files files
        && (files.format() == Query.Format.CSV || files.format() == Query.Format.JSON);
  }

  private static Declared declared(YamlValue value, TableName table, TableName other) {
    if (value.isList()) {
      return new Declared(rules(value), Optional.empty(), value.at());
    }
    YamlMap map = value.map(MAP_KEYS);
    Optional<Check> most =
        map.find("at_most")
            .map(
                text ->
                    new Check(
                        "at most %s rejected".formatted(text.text().orElse("")),
                        Optional.of(table),
                        new Check.Rejected(other),
                        Check.Severity.ERROR,
                        CheckReader.tolerance(map, "at_most"),
                        text.at()));
    return new Declared(
        map.find("rules").map(RejectReader::rules).orElse(List.of()), most, value.at());
  }

  /** Reports what could not be exact: each row has to be in just one of the two tables. */
  private static void requireMeaning(
      YamlMap task, Task.Configuration plain, Task.Body body, Declared declared) {
    YamlValue reject = task.find(REJECT).orElseThrow();
    if (plain.foreach().isPresent()) {
      reject.problem("`reject` beside `foreach`", "Put the rules on a table that reads this one");
    }
    if (plain.incremental().orElse(null) instanceof Task.Snapshots) {
      reject.problem(
          "`reject` in a history without `valid_from`: a key whose row is rejected would count as"
              + " gone",
          "Put the rules on a table that this one reads");
    }
    if (body instanceof Task.External && !TopicReader.isTopic(task)) {
      reject.problem(
          "`reject` in a source whose rows may change between two looks at them",
          "Put the rules on a table that reads this one");
    }
    if (isText(body) && ((Task.Files) body).columns().isEmpty()) {
      reject.problem(
          "Nothing tells which records are wrong: `columns` is missing",
          "Declare the columns with their types: `columns: {id: BIGINT}`");
    }
    boolean readsText =
        isText(body) || (body instanceof Task.External && TopicReader.isTopic(task));
    if (declared.rules().isEmpty() && !readsText && plain.incremental().isEmpty()) {
      reject.problem("No rule", "Say what good rows satisfy: `reject: [amount >= 0]`");
    }
    boolean isShare = declared.most().filter(c -> c.tolerance().fraction() > 0).isPresent();
    if (isShare && plain.incremental().flatMap(Task.Incremental::rule).isPresent()) {
      reject.problem(
          "A percentage has no meaning here: the table does not keep all good rows",
          "Say how many rows may be rejected: `at_most: 100`");
    }
  }

  private static List<Rule> rules(YamlValue list) {
    List<Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlValue entry : list.list()) {
      Optional<Rule> rule = entry.isScalar() ? entry.text().map(RejectReader::rule) : named(entry);
      if (rule.isPresent() && !names.add(rule.get().name())) {
        entry.problem(
            "Duplicate rule '%s'".formatted(rule.get().name()),
            "Remove one, or give it a `name:` of its own");
      }
      rule.ifPresent(rules::add);
    }
    return rules;
  }

  private static Optional<Rule> named(YamlValue entry) {
    YamlMap map = entry.map(RULE_KEYS);
    return map.require("rule")
        .flatMap(YamlValue::text)
        .map(condition -> new Rule(map.text("name").orElse(condition.strip()), condition));
  }

  private static Rule rule(String condition) {
    return new Rule(condition.strip(), condition);
  }

  /** The configuration of the table that has the good rows. */
  private static Task.Configuration good(
      TableName other, Task.Configuration plain, Declared declared, List<String> origin) {
    Sifting sifting = new Sifting(all(plain, declared.rules()), origin, Half.GOOD);
    List<Check> checks = new ArrayList<>(plain.checks());
    declared.most().ifPresent(checks::add);
    return plain.with(checks).with(new Task.Reject(sifting, other, declared.at()));
  }

  /** A row without a key, or without a place in the order of its rows, can be of no key. */
  private static List<Rule> all(Task.Configuration plain, List<Rule> rules) {
    Optional<KeyRule> key = plain.incremental().flatMap(Task.Incremental::rule);
    List<Rule> all = new ArrayList<>(rules);
    key.stream()
        .flatMap(rule -> Stream.concat(rule.key().stream(), rule.latestBy().stream()))
        .distinct()
        .map(column -> SqlNames.quote(column) + " IS NOT NULL")
        .filter(condition -> rules.stream().noneMatch(rule -> rule.name().equals(condition)))
        .forEach(condition -> all.add(new Rule(condition.replace("\"", ""), condition)));
    return all;
  }

  /** The task that makes the table of the rows that another one rejects, if it rejects any. */
  static Optional<Task> rejected(Task task) {
    return task.configuration()
        .reject()
        .map(reject -> new Task(reject.other(), task.file(), task.body(), rejected(task, reject)));
  }

  private static Task.Configuration rejected(Task task, Task.Reject reject) {
    Task.Configuration good = task.configuration();
    boolean hasColumns = reject.sifting().origin().isEmpty();
    return new Task.Configuration(
        "The rows that '%s' rejects.".formatted(task.name()),
        good.owner(),
        good.tags(),
        hasColumns ? good.partitionBy() : List.of(),
        hasColumns ? good.renamed() : Task.Configuration.NONE.renamed(),
        List.of(),
        good.limits(),
        hasColumns ? good.lookback() : Optional.empty(),
        good.incremental().map(RejectReader::appended),
        Optional.empty(),
        Optional.of(
            new Task.Reject(reject.sifting().with(Half.REJECTED), task.name(), reject.at())),
        true);
  }

  /** Rejected rows replace each other by no key. */
  private static Task.Incremental appended(Task.Incremental how) {
    return new Task.Append(how.input(), how.refuse(), how.at());
  }
}

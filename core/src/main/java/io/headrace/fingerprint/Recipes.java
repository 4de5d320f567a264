package io.headrace.fingerprint;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Versions;
import io.headrace.check.Check;
import io.headrace.connector.Connection;
import io.headrace.connector.Position;
import io.headrace.connector.Setting;
import io.headrace.engine.Sifting;
import io.headrace.graph.CheckNode;
import io.headrace.graph.GraphBuilder;
import io.headrace.graph.Node;
import io.headrace.identity.FileIdentifier;
import io.headrace.identity.Hash;
import io.headrace.project.Task;
import io.headrace.sql.Analysis;
import io.headrace.sql.CanonicalSql;
import io.headrace.table.KeyRule;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says what a version is a function of, and names it by the hash of that. */
public final class Recipes {
  /**
   * Part of every fingerprint: raise it when a change of this program makes the same recipe give
   * another result.
   */
  static final String SCHEME = "1";

  /** Between the hash of the query that runs for each item, and that of the query of the items. */
  static final String FOREACH = "+";

  private static final String NO_CONFIGURATION = hashed(Task.Configuration.NONE);

  private Recipes() {}

  /** The part of a recipe that is the task's own, whatever its inputs are. */
  public record Own(String code, String configuration) {}

  /** Hashes what a task's file says. */
  public static Own own(Task task) {
    return new Own(code(task), configuration(task.configuration()));
  }

  /**
   * The recipe of a task.
   *
   * @param own what {@link #own} says of the task
   * @param root the project's folder, which names of files are relative to
   * @param inputs version by table, for all inputs of the node
   * @param files the files that the node reads, in order
   * @param positions how far the parts of a thing in an outside system go
   * @param before the version that it goes on from, if it does
   */
  public static Recipe of(
      Path root,
      Node node,
      Own own,
      Map<TableName, String> inputs,
      List<FileIdentifier.Identified> files,
      List<Position> positions,
      Optional<String> before) {
    List<Input> identities = new ArrayList<>();
    for (TableName input : node.inputs()) {
      String version = inputs.get(input);
      if (version == null) {
        throw new IllegalArgumentException("No version of input '%s'".formatted(input));
      }
      identities.add(new Input(InputKind.TABLE, input.toString(), version));
    }
    for (FileIdentifier.Identified file : files) {
      String name = root.relativize(file.file()).toString().replace('\\', '/');
      identities.add(new Input(InputKind.FILE, name, file.hash()));
    }
    for (Position position : positions) {
      identities.add(new Input(InputKind.POSITION, position.part(), position.value()));
    }
    before.ifPresent(
        version -> identities.add(new Input(InputKind.BEFORE, node.name().toString(), version)));
    return new Recipe(
        own.code(),
        own.configuration(),
        parameters(node),
        identities,
        node.unidentified().stream().map(Analysis.Unidentified::clause).toList());
  }

  /** How far a recipe reads the parts of a thing in an outside system. */
  public static List<Position> positions(Recipe recipe) {
    return recipe.inputs().stream()
        .filter(input -> input.kind() == InputKind.POSITION)
        .map(input -> new Position(input.name(), input.identity()))
        .toList();
  }

  /**
   * Where a version is: several recipes lead to it if there was nothing to read.
   *
   * @param version its id
   */
  public static List<Position> reached(Versions versions, String version) {
    return Position.furthest(versions.recipes(version).stream().map(Recipes::positions))
        .orElse(List.of());
  }

  /** The recipe of a task as far as it is the task's own. */
  public static Recipe withoutInputs(Node node, Own own) {
    return new Recipe(own.code(), own.configuration(), parameters(node), List.of(), List.of());
  }

  private static List<String> parameters(Node node) {
    return node.parameters().entrySet().stream().map(Recipes::text).toList();
  }

  /** A parameter as {@link Recipe#parameters()} has it. */
  static String text(Map.Entry<String, String> parameter) {
    return parameter.getKey() + "=" + parameter.getValue();
  }

  /**
   * The fingerprint of a table that is made by a recipe.
   *
   * @param nonce stands for what no fingerprint covers; counts only if the recipe has such clauses
   */
  public static String fingerprint(TableName table, Recipe recipe, String nonce) {
    Hash hash =
        Hash.of("version")
            .add(SCHEME)
            .add(table.toString())
            .add(recipe.code())
            .add(recipe.configuration())
            .addAll(recipe.parameters());
    for (Input input : recipe.inputs()) {
      hash.add(input.kind().name()).add(input.name()).add(input.identity());
    }
    return hash.addAll(recipe.unidentified())
        .add(recipe.unidentified().isEmpty() ? "" : nonce)
        .text();
  }

  /**
   * The fingerprint of what a check says of some versions.
   *
   * @param versions version by table, for all that the check reads
   */
  public static String fingerprint(CheckNode node, Map<TableName, String> versions) {
    String code =
        node.check().rule() instanceof Check.Anomalies rule
            ? rule.toString()
            : CanonicalSql.of(GraphBuilder.violations(node, Instant.EPOCH));
    Hash hash =
        Hash.of("check").add(SCHEME).add(code).add(String.valueOf(node.check().tolerance()));
    for (TableName table : node.reads()) {
      hash.add(table.toString()).add(String.valueOf(versions.get(table)));
    }
    return hash.text();
  }

  private static String code(Task task) {
    if (task.body() instanceof Task.Sql sql) {
      String query = Hash.of("sql").add(CanonicalSql.of(sql.text())).text();
      return task.configuration()
          .foreach()
          .map(f -> query + FOREACH + Hash.of("foreach").add(CanonicalSql.of(f.sql())).text())
          .orElse(query);
    }
    if (task.body() instanceof Task.Files files) {
      Hash hash = Hash.of("files").add(files.format().toString());
      files.columns().forEach(column -> hash.add(column.name()).add(column.type()));
      hash.add("options");
      files.options().forEach((key, value) -> hash.add(key).add(value));
      files.pathColumns().forEach(c -> hash.add("path").add(c.name()).add(c.pattern()));
      return hash.text();
    }
    if (task.body() instanceof Task.External external) {
      Hash hash = Hash.of(external.kind());
      add(external.connection(), hash);
      hash.add("settings");
      external.settingsOfRows().forEach((key, value) -> hash.add(key).add(value));
      hash.add("columns");
      external.columns().forEach(column -> hash.add(column.name()).add(column.type()));
      external.others().forEach((key, other) -> add(other, hash.add("other").add(key)));
      return hash.text();
    }
    return Hash.of("data").add(((Task.Data) task.body()).format().toString()).text();
  }

  private static void add(Connection connection, Hash hash) {
    hash.add(connection.name());
    connection.deciding().forEach((key, value) -> hash.add(key).add(text(value)));
  }

  /** What the project says; of a reference, never what it leads to. */
  private static String text(Setting setting) {
    if (setting instanceof Setting.Plain plain) {
      return plain.value();
    }
    return setting instanceof Setting.FromEnvironment variable
        ? "env " + variable.variable()
        : "file " + ((Setting.FromFile) setting).file();
  }

  private static String configuration(Task.Configuration configuration) {
    boolean says =
        !configuration.partitionBy().isEmpty()
            || !configuration.renamed().isEmpty()
            || configuration.lookback().isPresent()
            || configuration.incremental().isPresent()
            || configuration.reject().isPresent();
    return says ? hashed(configuration) : NO_CONFIGURATION;
  }

  private static String hashed(Task.Configuration configuration) {
    Hash hash = Hash.of("configuration");
    hash.addAll(configuration.partitionBy().stream().map(Object::toString).toList());
    hash.addAll(configuration.renamed().keySet()).addAll(configuration.renamed().values());
    configuration.lookback().ifPresent(n -> hash.add("lookback").add(String.valueOf(n)));
    configuration.incremental().ifPresent(how -> add(how, hash));
    configuration.reject().ifPresent(reject -> add(reject.sifting(), hash));
    return hash.text();
  }

  /** Names count for both halves: so both are of the same rules, or neither is. */
  private static void add(Sifting sifting, Hash hash) {
    hash.add("reject").add(sifting.half().name());
    sifting.rules().forEach(r -> hash.add(r.name()).add(CanonicalSql.of(r.condition())));
  }

  private static void add(Task.Incremental how, Hash hash) {
    String input = how.input().map(TableName::toString).orElse("");
    if (how.rule().isPresent()) {
      KeyRule rule = how.rule().get();
      hash.add(rule.kind().name()).add(input).addAll(rule.key()).addAll(rule.latestBy());
      hash.addAll(rule.tracked()).add(rule.deletedWhen().map(CanonicalSql::of).orElse(""));
    } else {
      hash.add("append").add(input);
    }
    if (how instanceof Task.Snapshots snapshots) {
      hash.add("snapshots").add(String.valueOf(snapshots.missingIsGone()));
    }
  }
}

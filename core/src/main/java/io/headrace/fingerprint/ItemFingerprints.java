package io.headrace.fingerprint;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.graph.Node;
import io.headrace.identity.Hash;
import io.headrace.table.TableName;
import java.util.List;
import java.util.SortedMap;

/**
 * Names the items of a table that is made item by item. What an item's rows are a function of is a
 * part of the table's recipe: all but the query of the items and what that reads.
 */
public final class ItemFingerprints {
  private final Node node;
  private final Node.Fanout fanout;
  private final Recipe recipe;
  private final String nonce;

  /**
   * Names the items of a node.
   *
   * @param recipe of the table
   * @param nonce stands for what no fingerprint covers
   */
  public ItemFingerprints(Node node, Recipe recipe, String nonce) {
    this.node = node;
    this.fanout = node.fanout().orElseThrow();
    this.recipe = recipe;
    this.nonce = nonce;
  }

  /** The fingerprint of an item, given its values by the name of the column. */
  public String of(SortedMap<String, String> values) {
    Hash hash =
        Hash.of("item")
            .add(Recipes.SCHEME)
            .add(node.name().toString())
            .add(queryOf(recipe))
            .add(recipe.configuration());
    fanout.parameters().forEach((name, literal) -> hash.add(name).add(literal));
    for (Input input : inputsOf(recipe)) {
      hash.add(input.kind().name()).add(input.name()).add(input.identity());
    }
    hash.add("values");
    values.forEach((name, value) -> hash.add(name).add(value));
    return hash.add(fanout.isIdentified() ? "" : nonce).text();
  }

  /** Whether the items that a version has are what they would be made as now. */
  public boolean isAsIn(Recipe before) {
    return fanout.isIdentified()
        && queryOf(before).equals(queryOf(recipe))
        && before.configuration().equals(recipe.configuration())
        && fanout.parameters().entrySet().stream()
            .map(Recipes::text)
            .allMatch(before.parameters()::contains)
        && inputsOf(before).equals(inputsOf(recipe));
  }

  private static String queryOf(Recipe recipe) {
    int end = recipe.code().indexOf(Recipes.FOREACH);
    return end < 0 ? recipe.code() : recipe.code().substring(0, end);
  }

  /** The inputs that the query of an item reads. */
  private List<Input> inputsOf(Recipe of) {
    return of.inputs().stream()
        .filter(
            input ->
                input.kind() == InputKind.FILE
                    || fanout.inputs().contains(TableName.parse(input.name())))
        .toList();
  }
}

package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecipeTextTest {
  private static final String ALPHABET = "ab\\nt\n\t\r ü\u0000=,\"'";

  @Test
  void anyRecipeIsReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      Recipe recipe = recipe(random);
      assertThat(RecipeText.parse(RecipeText.format(recipe))).isEqualTo(recipe);
    }
  }

  private static Recipe recipe(Random random) {
    List<Input> inputs = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      inputs.add(
          new Input(
              List.of(InputKind.values()).get(random.nextInt(InputKind.values().length)),
              text(random),
              text(random)));
    }
    return new Recipe(text(random), text(random), texts(random), inputs, texts(random));
  }

  private static List<String> texts(Random random) {
    List<String> texts = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      texts.add(text(random));
    }
    return texts;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}

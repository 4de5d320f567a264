package io.headrace.catalog.sqlite;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Recipes as text: one line for each part, its first letter says which, and tabs, line feeds and
 * backslashes within parts are escaped. Reading one loads no library.
 */
final class RecipeText {
  private RecipeText() {}

  static String format(Recipe recipe) {
    StringBuilder text = new StringBuilder();
    line(text, 'c', recipe.code());
    line(text, 'f', recipe.configuration());
    recipe.parameters().forEach(parameter -> line(text, 'p', parameter));
    for (Input input : recipe.inputs()) {
      line(text, letter(input.kind()), input.name(), input.identity());
    }
    recipe.unidentified().forEach(clause -> line(text, 'u', clause));
    return text.toString();
  }

  private static char letter(InputKind kind) {
    return switch (kind) {
      case TABLE -> 't';
      case FILE -> 'd';
      case POSITION -> 'o';
      case BEFORE -> 'b';
    };
  }

  private static void line(StringBuilder text, char kind, String... parts) {
    text.append(kind);
    for (int i = 0; i < parts.length; i++) {
      text.append(i == 0 ? "" : "\t");
      escape(text, parts[i]);
    }
    text.append('\n');
  }

  private static void escape(StringBuilder text, String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        default -> text.append(c);
      }
    }
  }

  static Recipe parse(String text) {
    String code = "";
    String configuration = "";
    List<String> parameters = new ArrayList<>();
    List<Input> inputs = new ArrayList<>();
    List<String> unidentified = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      List<String> parts = parts(text, start + 1, end);
      switch (text.charAt(start)) {
        case 'c' -> code = parts.get(0);
        case 'f' -> configuration = parts.get(0);
        case 'p' -> parameters.add(parts.get(0));
        case 't' -> inputs.add(new Input(InputKind.TABLE, parts.get(0), parts.get(1)));
        case 'b' -> inputs.add(new Input(InputKind.BEFORE, parts.get(0), parts.get(1)));
        case 'd' -> inputs.add(new Input(InputKind.FILE, parts.get(0), parts.get(1)));
        case 'o' -> inputs.add(new Input(InputKind.POSITION, parts.get(0), parts.get(1)));
        case 'u' -> unidentified.add(parts.get(0));
        default -> throw new IllegalArgumentException("Invalid recipe '%s'".formatted(text));
      }
      start = end + 1;
    }
    return new Recipe(code, configuration, parameters, inputs, unidentified);
  }

  private static List<String> parts(String text, int start, int end) {
    List<String> parts = new ArrayList<>(2);
    StringBuilder part = new StringBuilder();
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        parts.add(part.toString());
        part.setLength(0);
      } else if (c == '\\') {
        char escaped = text.charAt(++i);
        part.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}

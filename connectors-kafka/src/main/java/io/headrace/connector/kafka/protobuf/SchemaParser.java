package io.headrace.connector.kafka.protobuf;

import io.headrace.connector.kafka.protobuf.Tokens.Kind;
import io.headrace.connector.kafka.protobuf.Tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the text of a schema: proto2, proto3 and editions. What means nothing for the bytes of
 * messages is passed: services, extensions, reserved names and most options.
 */
final class SchemaParser {
  private static final int MOST_DEPTH = 100;
  private static final int LARGEST_NUMBER = (1 << 29) - 1;
  private static final Set<String> LABELS = Set.of("optional", "required", "repeated");
  private static final Set<String> SYNTAXES = Set.of("proto2", "proto3", "2023", "2024");

  private final Tokens tokens;
  private final String file;
  private String syntax = "proto2";
  private String scope = "";
  private int depth;

  private SchemaParser(String file, String text) throws SchemaTextException {
    this.file = file;
    this.tokens = new Tokens(file, text);
  }

  static Declared.File parse(String file, String text) throws SchemaTextException {
    return new SchemaParser(file, text).file();
  }

  private Declared.File file() throws SchemaTextException {
    List<String> imports = new ArrayList<>();
    Map<String, String> options = new TreeMap<>();
    List<Declared.Message> messages = new ArrayList<>();
    List<Declared.Enumeration> enumerations = new ArrayList<>();
    while (tokens.peek().kind() != Kind.END) {
      if (tokens.takes("syntax") || tokens.takes("edition")) {
        syntax();
      } else if (tokens.takes("import")) {
        if (tokens.peek().kind() == Kind.WORD) {
          tokens.take();
        }
        imports.add(tokens.require(Kind.TEXT).text());
        tokens.require(";");
      } else if (tokens.takes("package")) {
        scope = tokens.name() + ".";
        tokens.require(";");
      } else if (tokens.takes("option")) {
        option(options);
        tokens.require(";");
      } else if (tokens.takes("service") || tokens.takes("extend")) {
        tokens.name();
        tokens.skipBlock();
      } else if (!type(messages, enumerations) && !tokens.takes(";")) {
        throw tokens.wrong(
            tokens.peek(), "expected a message, found '%s'".formatted(tokens.peek().text()));
      }
    }
    return new Declared.File(tokens, file, syntax, imports, options, messages, enumerations);
  }

  private void syntax() throws SchemaTextException {
    tokens.require("=");
    Token named = tokens.require(Kind.TEXT);
    syntax = named.text();
    if (!SYNTAXES.contains(syntax)) {
      throw tokens.wrong(named, "'%s' is no syntax that is known".formatted(syntax));
    }
    tokens.require(";");
  }

  /** Reads a type, if one follows. */
  private boolean type(List<Declared.Message> messages, List<Declared.Enumeration> enumerations)
      throws SchemaTextException {
    Token first = tokens.peek();
    if (isVisibility(first)) {
      tokens.take();
      first = tokens.peek();
    }
    if (tokens.takes("message")) {
      messages.add(message(first, tokens.require(Kind.WORD).text()));
    } else if (tokens.takes("enum")) {
      enumerations.add(enumeration(first));
    } else {
      return false;
    }
    return true;
  }

  /** Words that have a meaning only since an edition. */
  private boolean isVisibility(Token token) {
    return syntax.equals("2024") && (token.is("export") || token.is("local"));
  }

  private Declared.Message message(Token at, String name) throws SchemaTextException {
    if (++depth > MOST_DEPTH) {
      throw tokens.wrong(at, "messages are in each other more than %d times".formatted(MOST_DEPTH));
    }
    String outer = scope;
    scope = outer + name + ".";
    List<Declared.Field> fields = new ArrayList<>();
    List<Declared.Message> messages = new ArrayList<>();
    List<Declared.Enumeration> enumerations = new ArrayList<>();
    tokens.require("{");
    while (!tokens.takes("}")) {
      if (type(messages, enumerations)) {
        continue;
      }
      if (tokens.takes("oneof")) {
        String oneof = tokens.require(Kind.WORD).text();
        tokens.require("{");
        while (!tokens.takes("}")) {
          member(oneof, fields, messages);
        }
      } else if (tokens.takes("extend")) {
        tokens.name();
        tokens.skipBlock();
      } else if (tokens.takes("reserved") || tokens.takes("extensions")) {
        tokens.skipPast(";");
      } else {
        member("", fields, messages);
      }
    }
    scope = outer;
    depth--;
    return new Declared.Message(at, outer + name, fields, messages, enumerations);
  }

  /** An option, nothing, or a field. */
  private void member(String oneof, List<Declared.Field> fields, List<Declared.Message> messages)
      throws SchemaTextException {
    if (tokens.takes("option")) {
      option(new TreeMap<>());
      tokens.require(";");
    } else if (!tokens.takes(";")) {
      fields.add(field(oneof, messages));
    }
  }

  private Declared.Field field(String oneof, List<Declared.Message> messages)
      throws SchemaTextException {
    Token at = tokens.peek();
    String label = LABELS.contains(at.text()) ? tokens.take().text() : "";
    String key = "";
    String type = tokens.name();
    if (type.equals("map") && tokens.takes("<")) {
      key = tokens.name();
      tokens.require(",");
      type = tokens.name();
      tokens.require(">");
    }
    String name = tokens.require(Kind.WORD).text();
    tokens.require("=");
    Token numbered = tokens.peek();
    int number = tokens.number();
    if (number < 1 || number > LARGEST_NUMBER) {
      throw tokens.wrong(numbered, "%d is no number of a field".formatted(number));
    }
    Map<String, String> options = new TreeMap<>();
    if (tokens.takes("[")) {
      do {
        option(options);
      } while (tokens.takes(","));
      tokens.require("]");
    }
    boolean isGroup = type.equals("group");
    if (isGroup) {
      messages.add(message(at, name));
      type = name;
      name = name.toLowerCase(Locale.ROOT);
    } else {
      tokens.require(";");
    }
    if (label.isEmpty() && oneof.isEmpty() && key.isEmpty() && syntax.equals("proto2")) {
      throw tokens.wrong(
          at, "the field '%s' is neither optional, required nor repeated".formatted(name));
    }
    return new Declared.Field(at, label, key, type, name, number, oneof, isGroup, options);
  }

  private Declared.Enumeration enumeration(Token at) throws SchemaTextException {
    String name = scope + tokens.require(Kind.WORD).text();
    Map<Long, String> values = new TreeMap<>();
    long first = 0;
    tokens.require("{");
    while (!tokens.takes("}")) {
      Token word = tokens.peek();
      if (tokens.takes("option")) {
        option(new TreeMap<>());
        tokens.require(";");
      } else if (tokens.takes("reserved")) {
        tokens.skipPast(";");
      } else if (!tokens.takes(";")) {
        tokens.require(Kind.WORD);
        tokens.require("=");
        long number = tokens.number();
        first = values.isEmpty() ? number : first;
        values.putIfAbsent(number, word.text());
        if (tokens.takes("[")) {
          tokens.skipPast("]");
        }
        tokens.require(";");
      }
    }
    if (values.isEmpty()) {
      throw tokens.wrong(at, "the enum '%s' has no values".formatted(name));
    }
    return new Declared.Enumeration(at, name, values, first);
  }

  /** {@code a.b = c}, {@code (a.b).c = "d"} or {@code a = {b: c}}, which is a.b = c too. */
  private void option(Map<String, String> options) throws SchemaTextException {
    StringBuilder name = new StringBuilder();
    do {
      if (tokens.takes("(")) {
        name.append('(').append(tokens.name()).append(')');
        tokens.require(")");
      } else {
        name.append(tokens.require(Kind.WORD).text());
      }
      name.append('.');
    } while (tokens.takes("."));
    name.setLength(name.length() - 1);
    tokens.require("=");
    if (tokens.peek().is("{")) {
      block(name.toString(), options);
      return;
    }
    tokens.takes("-");
    tokens.takes("+");
    Token value = tokens.take();
    while (value.kind() == Kind.TEXT && tokens.peek().kind() == Kind.TEXT) {
      tokens.take();
    }
    if (value.kind() == Kind.SIGN || value.kind() == Kind.END) {
      throw tokens.wrong(value, "the option '%s' has no value".formatted(name));
    }
    options.put(name.toString(), value.text());
  }

  /** Takes the words of its names; what is in brackets, or text, is of no meaning for rows. */
  private void block(String name, Map<String, String> options) throws SchemaTextException {
    tokens.require("{");
    while (!tokens.takes("}")) {
      Token token = tokens.take();
      if (token.is("{")) {
        tokens.skipPast("}");
      } else if (token.is("[")) {
        tokens.skipPast("]");
      } else if (token.kind() == Kind.WORD && tokens.takes(":")) {
        if (tokens.peek().kind() == Kind.WORD) {
          options.put(name + "." + token.text(), tokens.take().text());
        }
      } else if (token.kind() == Kind.END) {
        throw tokens.wrong(token, "expected '}', found the end");
      }
    }
  }
}

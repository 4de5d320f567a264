package io.headrace.connector;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives values that the project only refers to, and keeps them out of texts. Safe for threads. */
public final class Secrets {
  private static final String HIDDEN = "***";

  private final Path root;
  private final Function<String, @Nullable String> environment;
  private final Set<String> given = ConcurrentHashMap.newKeySet();

  /**
   * @param root which relative paths start at
   * @param environment the value of an environment variable, or null
   */
  public Secrets(Path root, Function<String, @Nullable String> environment) {
    this.root = root;
    this.environment = environment;
  }

  /**
   * The value of a setting.
   *
   * @throws HeadraceException if the variable is not set, or the file cannot be read
   */
  public String value(Setting setting) {
    if (setting instanceof Setting.Plain plain) {
      return plain.value();
    }
    String value =
        setting instanceof Setting.FromEnvironment variable
            ? ofVariable(variable.variable())
            : ofFile(((Setting.FromFile) setting).file());
    keep(value);
    return value;
  }

  /** Takes a text for a secret from now on, such as a token that an outside system gave. */
  public void keep(String secret) {
    if (!secret.isEmpty()) {
      given.add(secret);
    }
  }

  /** What a user and a password are in the header {@code Authorization}: a secret too. */
  public String basic(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getEncoder().encodeToString(both);
    keep(encoded);
    return "Basic " + encoded;
  }

  /** A text of an outside system, without any secret that was given to somebody. */
  public String hide(String text) {
    String hidden = text;
    for (String secret : given) {
      hidden = hidden.replace(secret, HIDDEN);
    }
    return hidden;
  }

  private String ofVariable(String variable) {
    String value = environment.apply(variable);
    if (value == null) {
      throw new HeadraceException(
          "The environment variable '%s' is not set".formatted(variable),
          "Set it before you start: `export %s=...`".formatted(variable));
    }
    return value;
  }

  private String ofFile(String file) {
    try {
      return Files.readString(root.resolve(file)).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot read the secret in '%s': %s".formatted(file, e.getMessage()),
          "Is the file there, readable, and text?",
          e);
    }
  }
}

package io.headrace.server.access;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import io.headrace.error.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords with Argon2id, as OWASP advises: 19 MiB of memory, two passes. Safe for many
 * threads; few of them hash at the same time, so that guessing takes no memory from others.
 */
public final class Passwords {
  public static final int SHORTEST = 12;
  private static final int LONGEST = 1_000;
  private static final int LEAST_DIFFERENT = 5;
  private static final int MOST_AT_ONCE = 4;
  private static final Argon2Function HASH =
      Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);
  private static final int SALT_BYTES = 16;

  /** What most guessed passwords are made of, with digits or signs around. */
  private static final List<String> COMMON =
      List.of(
          "password",
          "passwort",
          "passw0rd",
          "p4ssword",
          "p4ssw0rd",
          "motdepasse",
          "contrasena",
          "wachtwoord",
          "welcome",
          "willkommen",
          "qwerty",
          "qwertyuiop",
          "qwertz",
          "qwertzuiop",
          "azerty",
          "azertyuiop",
          "asdfgh",
          "asdfghjkl",
          "zxcvbn",
          "zxcvbnm",
          "letmein",
          "iloveyou",
          "admin",
          "administrator",
          "root",
          "superuser",
          "changeme",
          "default",
          "secret",
          "login",
          "master",
          "dragon",
          "monkey",
          "football",
          "baseball",
          "basketball",
          "princess",
          "sunshine",
          "shadow",
          "michael",
          "jordan",
          "superman",
          "batman",
          "trustno",
          "starwars",
          "whatever",
          "hello",
          "helloworld",
          "freedom",
          "computer",
          "internet",
          "samsung",
          "google",
          "facebook",
          "abc",
          "abcdef",
          "abcdefgh",
          "test",
          "testtest",
          "guest",
          "user",
          "headrace",
          "company",
          "spring",
          "summer",
          "autumn",
          "winter",
          "january",
          "monday",
          "correcthorsebatterystaple");

  private static final String ROWS =
      "01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm"
          + " 1q2w3e4r5t6z7u8i9o0p 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb6yhn7ujm";

  private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);
  private @Nullable String unknown;

  /**
   * The hash of a password, with how it was made.
   *
   * @throws UsageException if too many others would guess it
   */
  public String hashGood(String name, String password) {
    requireGood(name, password);
    return hash(password);
  }

  private String hash(String password) {
    places.acquireUninterruptibly();
    try {
      return Password.hash(password).addRandomSalt(SALT_BYTES).with(HASH).getResult();
    } finally {
      places.release();
    }
  }

  /**
   * Whether a password is the one that was hashed. Takes as long if there is no hash, because
   * nobody has that name.
   */
  public boolean verify(String password, Optional<String> hash) {
    String cut = password.length() > LONGEST ? "" : password;
    String other = unknown();
    places.acquireUninterruptibly();
    try {
      String known = hash.orElse(other);
      boolean isSame = Password.check(cut, known).with(Argon2Function.getInstanceFromHash(known));
      return isSame && hash.isPresent();
    } finally {
      places.release();
    }
  }

  /** A hash of what nobody knows. Made when a password is first compared, whoever's it is. */
  private synchronized String unknown() {
    String made = unknown;
    if (made == null) {
      made = hash(Secret.make());
      unknown = made;
    }
    return made;
  }

  /** A hash as it would be made today, if that one was made otherwise. */
  public Optional<String> rehash(String password, String hash) {
    return HASH.equals(Argon2Function.getInstanceFromHash(hash))
        ? Optional.empty()
        : Optional.of(hash(password));
  }

  private static void requireGood(String name, String password) {
    if (password.length() < SHORTEST) {
      throw new UsageException(
          "Cannot take that password: it has less than %d characters".formatted(SHORTEST),
          "Several words that have nothing to do with each other are a good one");
    }
    if (password.length() > LONGEST) {
      throw new UsageException(
          "Cannot take that password: it has more than %,d characters".formatted(LONGEST), "");
    }
    if (isCommon(name, password)) {
      throw new UsageException(
          "Cannot take that password: it is among those that are tried first",
          "Several words that have nothing to do with each other are a good one");
    }
  }

  private static boolean isCommon(String name, String password) {
    String lower = password.toLowerCase(Locale.ROOT);
    String core = lower.replaceAll("[^a-z]+", "");
    String half = lower.substring(0, lower.length() / 2);
    boolean isRepeated =
        lower.length() % 2 == 0 && lower.equals(half + half) && half.length() < SHORTEST;
    boolean isRow = ROWS.contains(lower) || ROWS.contains(new StringBuilder(lower).reverse());
    String own = name.toLowerCase(Locale.ROOT);
    boolean isName = own.length() > 2 && lower.replace(own, "").length() < SHORTEST / 2;
    return lower.chars().distinct().count() < LEAST_DIFFERENT
        || isRepeated
        || isRow
        || isName
        || COMMON.contains(core)
        || COMMON.contains(lower);
  }
}

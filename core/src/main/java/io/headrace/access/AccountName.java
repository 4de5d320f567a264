package io.headrace.access;

import io.headrace.error.UsageException;
import java.util.regex.Pattern;

/** What users and tokens may be called. */
public final class AccountName {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

  private AccountName() {}

  /**
   * Returns a good name.
   *
   * @throws UsageException if it is none
   */
  public static String require(String name) {
    if (!FORM.matcher(name).matches()) {
      throw new UsageException(
          "Invalid name '%s'".formatted(name), "Use a-z, 0-9 and . _ @ -, up to 64 of them");
    }
    return name;
  }
}

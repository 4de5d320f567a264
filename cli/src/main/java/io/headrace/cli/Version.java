package io.headrace.cli;

import java.util.Optional;

/** Which Headrace this is. */
final class Version {
  private Version() {}

  static String text() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}

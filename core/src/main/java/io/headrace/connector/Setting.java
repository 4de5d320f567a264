package io.headrace.connector;

/** A value that is written in the project, or a reference to a secret that is not. */
public sealed interface Setting {
  /** A value that is no secret. */
  record Plain(String value) implements Setting {}

  /** The value of an environment variable. */
  record FromEnvironment(String variable) implements Setting {}

  /**
   * The content of a file, without the end of its last line.
   *
   * @param file relative to the project's folder, or absolute
   */
  record FromFile(String file) implements Setting {}
}

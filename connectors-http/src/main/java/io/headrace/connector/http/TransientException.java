package io.headrace.connector.http;

/** Something that may be over when it is tried again. Its message has no secrets. */
final class TransientException extends Exception {
  private static final long serialVersionUID = 1L;

  TransientException(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}

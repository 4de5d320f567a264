package io.headrace.connector.http;

import java.io.IOException;

/** What an API answered is not what the source says. */
final class InvalidAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  InvalidAnswerException(String reason, String hint) {
    super(reason);
    this.hint = hint;
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  String hint() {
    return hint;
  }
}

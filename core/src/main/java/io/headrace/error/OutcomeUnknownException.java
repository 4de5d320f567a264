package io.headrace.error;

/** A write may or may not have happened. Delete nothing and guess nothing: read first. */
public final class OutcomeUnknownException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  public OutcomeUnknownException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }

  @Override
  public int exitCode() {
    return 4;
  }
}

package io.headrace.error;

/** The command itself was wrong: an unknown name, an option that does not fit. */
public final class UsageException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message, String hint) {
    super(message, hint);
  }

  @Override
  public int exitCode() {
    return 2;
  }
}

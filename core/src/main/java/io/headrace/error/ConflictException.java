package io.headrace.error;

/** Another writer came first. Nothing was written: plan again on what is there now, and retry. */
public final class ConflictException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  public ConflictException(String message, String hint) {
    super(message, hint);
  }

  @Override
  public int exitCode() {
    return 3;
  }
}

package io.headrace.error;

/**
 * Something that everything needs cannot be read or written at the moment, such as the catalog on a
 * full disk. Nothing happened, and nobody asked for anything wrong: the same works once that is
 * seen to.
 */
public final class UnavailableException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}

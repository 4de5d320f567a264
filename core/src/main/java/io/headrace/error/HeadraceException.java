package io.headrace.error;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something that a user can act on. The message says what could not be done and why, without a
 * final period; the hint, if there is one, says how to go on.
 *
 * <p>A plain {@code HeadraceException} means: refused or failed, and what was there before is
 * untouched. The subclasses say more: {@link ConflictException} (retry), {@link
 * OutcomeUnknownException} (look first), {@link UsageException} (the command was wrong), {@link
 * UnavailableException} (it works again when what is named is seen to).
 */
public class HeadraceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  public HeadraceException(String message, String hint) {
    super(requireNonNull(message, "message is null"));
    this.hint = requireNonNull(hint, "hint is null");
  }

  public HeadraceException(String message, String hint, @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.hint = requireNonNull(hint, "hint is null");
  }

  /** What to do next, or the empty string if nothing more can be said. */
  public String hint() {
    return hint;
  }

  /** The exit code of a command that ends with this error. */
  public int exitCode() {
    return 1;
  }
}

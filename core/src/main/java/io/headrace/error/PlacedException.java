package io.headrace.error;

import org.jspecify.annotations.Nullable;

/** A failure that knows which place of the project it comes from. */
public final class PlacedException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  private final transient Location at;

  public PlacedException(Location at, String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
    this.at = at;
  }

  public Location at() {
    return at;
  }
}

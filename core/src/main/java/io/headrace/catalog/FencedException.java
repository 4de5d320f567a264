package io.headrace.catalog;

import io.headrace.error.HeadraceException;

/**
 * Another took over what this was to do, because nothing was heard of it for too long. Nothing was
 * written, and there is nothing left to do: trying again would be wrong.
 */
public final class FencedException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  public FencedException(String message) {
    super(message, "Another server goes on with it");
  }

  @Override
  public int exitCode() {
    return 3;
  }
}

package io.headrace.engine;

import io.headrace.error.HeadraceException;

/** Work stopped because somebody asked for it. Nothing of it is left. */
public final class CancelledException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  public CancelledException(String reason) {
    super(reason, "");
  }
}

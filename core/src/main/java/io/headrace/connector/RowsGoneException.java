package io.headrace.connector;

import io.headrace.error.HeadraceException;

/**
 * Rows that positions name are not there any more: what was made of them can be neither continued
 * nor made again.
 */
public final class RowsGoneException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  public RowsGoneException(String message, String hint) {
    super(message, hint);
  }
}

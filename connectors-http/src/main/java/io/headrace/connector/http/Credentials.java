package io.headrace.connector.http;

import java.net.URI;

/** How a connection signs in. Never to be printed. */
sealed interface Credentials {
  /** Not at all, or with headers of its own. */
  record None() implements Credentials {}

  /** A value of the header {@code Authorization} that never changes. */
  record Fixed(String authorization) implements Credentials {}

  /** A token of OAuth 2, for which a client asks with its own secret. */
  record Client(URI tokenUrl, String id, String secret, String scope) implements Credentials {}
}

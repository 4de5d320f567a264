package io.headrace.connector.http;

import java.net.URI;
import java.util.Locale;

/** Who credentials are for: scheme, host and port. */
record Origin(String scheme, String host, int port) {
  static Origin of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return new Origin(scheme, String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT), port);
  }

  boolean isEncrypted() {
    return scheme.equals("https");
  }

  /** As people write it. */
  String shown() {
    boolean isUsual = port == (isEncrypted() ? 443 : 80);
    return scheme + "://" + host + (isUsual ? "" : ":" + port);
  }
}

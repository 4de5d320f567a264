package io.headrace.server;

import io.headrace.server.access.Doorway;
import java.util.Optional;

/**
 * Where a server listens.
 *
 * @param host an address of this machine
 * @param port or 0 for any that is free
 * @param certificate with which it shows that it is who it says, if it does
 */
public record Endpoint(String host, int port, Doorway doorway, Optional<Certificate> certificate) {

  /** The loopback interface. */
  public static Endpoint loopback(int port) {
    return new Endpoint(OwnHost.LOOPBACK, port, Doorway.LOOPBACK, Optional.empty());
  }
}

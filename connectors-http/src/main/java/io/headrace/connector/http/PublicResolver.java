package io.headrace.connector.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Finds the addresses that are then connected to, and refuses those that are not public: a name
 * cannot lead to another address between the two.
 */
final class PublicResolver implements DnsResolver {
  /** How names are looked up; another one in tests. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  private final Lookup lookup;
  private final Predicate<InetAddress> allowed;

  PublicResolver(Lookup lookup, Predicate<InetAddress> allowed) {
    this.lookup = lookup;
    this.allowed = allowed;
  }

  /** Looks names up as the system does. */
  static PublicResolver of(ConnectionSettings connection) {
    return new PublicResolver(
        InetAddress::getAllByName,
        connection.allowPrivate() ? address -> true : Addresses::isPublic);
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = lookup.of(host);
    for (InetAddress address : addresses) {
      if (!allowed.test(address)) {
        throw new NotPublicException(host, address.getHostAddress());
      }
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /** A name leads to an address that is not public. */
  static final class NotPublicException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    NotPublicException(String host, String address) {
      super(
          host.replaceAll("[\\[\\]]", "").equals(address)
              ? "'%s' is no public address".formatted(address)
              : "'%s' is at %s, which is no public address".formatted(host, address));
    }
  }
}

package io.headrace.server.access;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How requests come to a server.
 *
 * @param names of hosts that the server is asked by
 * @param isSafe whether nobody between a browser and the server, or the proxy before it, can read
 * @param isBehindProxy whether a proxy says who asks for what; nobody else can reach the server
 */
public record Doorway(List<String> names, boolean isSafe, boolean isBehindProxy) {
  /** Of an address of IPv6, what names the network of somebody. */
  private static final int NETWORK_BYTES = 8;

  /** The names of this machine for itself. */
  public static final List<String> OWN = List.of("127.0.0.1", "localhost", "[::1]");

  /** The loopback interface. */
  public static final Doorway LOOPBACK = new Doorway(OWN, false, false);

  public Doorway {
    names = List.copyOf(names);
  }

  /** A host as addresses have it: in lower case, and with brackets around the numbers of IPv6. */
  public static String inAddress(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower;
  }

  /** The host that the client asked, with its port. */
  public String host(Context context) {
    return forwarded(context, "X-Forwarded-Host")
        .orElseGet(() -> Optional.ofNullable(context.host()).orElse(""));
  }

  /** Whether the client's connection is one that nobody can read. */
  public boolean isEncrypted(Context context) {
    return forwarded(context, "X-Forwarded-Proto")
        .map("https"::equals)
        .orElse(isSafe && !isBehindProxy);
  }

  /** Where the server is for the client, without a slash at the end. */
  public String address(Context context) {
    return (isEncrypted(context) ? "https://" : "http://") + host(context);
  }

  /** The address of the client; of several, the one that the proxy itself saw. */
  public String client(Context context) {
    return forwarded(context, "X-Forwarded-For").orElseGet(context::ip);
  }

  /**
   * What of the client's address requests are counted by. Somebody who has one address of IPv6 has
   * all of its network.
   */
  public String network(Context context) {
    return network(client(context));
  }

  static String network(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      // With a colon it is taken for numbers, and no name is looked up.
      byte[] bytes = InetAddress.getByName(address.replaceFirst("%.*", "")).getAddress();
      return bytes.length <= NETWORK_BYTES
          ? InetAddress.getByAddress(bytes).getHostAddress()
          : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64";
    } catch (UnknownHostException e) {
      return address;
    }
  }

  /** The last value counts: the proxy adds it to whatever the client sent. */
  private Optional<String> forwarded(Context context, String header) {
    if (!isBehindProxy) {
      return Optional.empty();
    }
    return Optional.ofNullable(context.header(header))
        .map(text -> text.substring(text.lastIndexOf(',') + 1).strip())
        .filter(text -> !text.isEmpty());
  }
}

package io.headrace.cli;

import io.headrace.access.AccessRules;
import io.headrace.access.Accounts;
import io.headrace.catalog.sqlite.SqliteAccounts;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.server.Certificate;
import io.headrace.server.Endpoint;
import io.headrace.server.access.Access;
import io.headrace.server.access.AccessFile;
import io.headrace.server.access.Doorway;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server listens, and who may ask it. */
final class AccessOptions {
  private static final int DEFAULT_PORT = 8080;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port; 0 is any that is free (default: 8080)")
  private int port = DEFAULT_PORT;

  @Option(
      names = "--access",
      paramLabel = "DIR",
      description = "Ask who that is, and let everybody do what DIR/access.yaml says")
  private @Nullable Path access;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "The address to listen on (default: 127.0.0.1); another one needs --access, and TLS or a proxy")
  private String host = "127.0.0.1";

  @Option(
      names = "--name",
      paramLabel = "HOST",
      description = "A name that browsers and programs have for the server; may be given again")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "The server's chain of certificates, as PEM; read again when it changes")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The key of the certificate, as PEM")
  private @Nullable Path key;

  @Option(
      names = "--behind-proxy",
      description =
          "Only a proxy reaches the server, encrypts, and sends X-Forwarded-For, -Proto and -Host")
  private boolean behindProxy;

  /** Where to listen, once that is found to be safe. */
  Endpoint endpoint(Path folder) {
    BrokerCommand.requirePort(port);
    Optional<Certificate> tls = tls(folder);
    InetAddress address = address();
    boolean isEncrypted = tls.isPresent() || behindProxy;
    if (access == null && (behindProxy || !address.isLoopbackAddress())) {
      throw new UsageException(
          "Cannot let others in: nobody says who may do what",
          "Give a folder with `--access DIR`; see `headrace user add`");
    }
    if (!isEncrypted && !address.isLoopbackAddress()) {
      throw new UsageException(
          "Cannot listen on '%s': passwords and tokens could be read on the way".formatted(host),
          "Give `--tls-certificate` and `--tls-key`, or `--behind-proxy` if a proxy encrypts");
    }
    if (names.isEmpty() && address.isAnyLocalAddress()) {
      throw new UsageException(
          "Cannot listen on '%s' without a name".formatted(host),
          "Say what browsers call the server: `--name data.example.com`");
    }
    List<String> known = new ArrayList<>(Doorway.OWN);
    known.add(Doorway.inAddress(host));
    names.forEach(name -> known.add(Doorway.inAddress(name)));
    Doorway doorway =
        isEncrypted || !Doorway.OWN.containsAll(known)
            ? new Doorway(known, isEncrypted, behindProxy)
            : Doorway.LOOPBACK;
    return new Endpoint(host, port, doorway, tls);
  }

  private Optional<Certificate> tls(Path folder) {
    Path chain = certificate;
    Path own = key;
    if (chain == null && own == null) {
      return Optional.empty();
    }
    if (chain == null || own == null) {
      throw new UsageException(
          "A certificate is of no use without its key", "Give `--tls-certificate` and `--tls-key`");
    }
    return Optional.of(new Certificate(folder.resolve(chain), folder.resolve(own)));
  }

  private InetAddress address() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new UsageException(
          "Cannot listen on '%s': this machine knows no such address".formatted(host),
          "Give one of its addresses, or 0.0.0.0 for all of them");
    }
  }

  /** The address that people type. */
  String url(Endpoint endpoint, int openPort) {
    String name = Doorway.inAddress(names.isEmpty() ? host : names.get(0));
    return behindProxy
        ? "https://" + name
        : "%s://%s:%d"
            .formatted(endpoint.certificate().isPresent() ? "https" : "http", name, openPort);
  }

  /**
   * Who may do what, if anybody says.
   *
   * @param opened takes over what has to be closed
   * @param told hears of an access.yaml that became wrong
   */
  Optional<Access> access(
      Console console,
      Doorway doorway,
      Consumer<Accounts> opened,
      Consumer<HeadraceException> told) {
    Path named = access;
    if (named == null) {
      return Optional.empty();
    }
    Path folder = console.folder().resolve(named);
    Accounts accounts = SqliteAccounts.open(folder);
    opened.accept(accounts);
    AccessFile file = AccessFile.open(folder, told);
    if (file.rules().equals(AccessRules.NONE)) {
      console
          .err()
          .println("There are no grants in %s/access.yaml: nobody gets in".formatted(named));
    }
    return Optional.of(new Access(file, accounts, doorway, console.clock()));
  }
}

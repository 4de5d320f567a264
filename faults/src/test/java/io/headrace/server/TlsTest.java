package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.error.HeadraceException;
import io.headrace.server.access.Doorway;
import io.headrace.server.access.Gate;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that encrypts, with certificates in files. */
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;

  private final List<HeadraceException> told = new CopyOnWriteArrayList<>();

  /** Makes a key and a certificate of it as people get them; returns the certificate. */
  private X509Certificate make(String algorithm, String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = Files.createTempDirectory(folder, "store").resolve("store.p12");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-alias",
                "one",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    X509Certificate certificate = (X509Certificate) keys.getCertificate("one");
    Files.writeString(folder.resolve("chain.pem"), pem("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(
        folder.resolve("key.pem"), pem("PRIVATE KEY", keys.getKey("one", PASSWORD).getEncoded()));
    return certificate;
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what);
  }

  private static HttpClient trusting(X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("one", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private HeadraceServer start() {
    Doorway doorway = new Doorway(List.of("127.0.0.1"), true, false);
    Certificate certificate =
        new Certificate(folder.resolve("chain.pem"), folder.resolve("key.pem"));
    Route route =
        Route.get("/who", "Who asks", context -> context.result(doorway.address(context))).open();
    return HeadraceServer.start(
        new Endpoint("127.0.0.1", 0, doorway, Optional.of(certificate)),
        Gate.open(new Projects(new TreeMap<>())),
        List.of(route),
        told::add);
  }

  private static HttpResponse<String> get(HttpClient client, int port)
      throws IOException, InterruptedException {
    URI address = URI.create("https://127.0.0.1:%d/who".formatted(port));
    return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void whatIsAskedCannotBeReadOnTheWay(String algorithm) throws Exception {
    HttpClient client = trusting(make(algorithm, "first"));
    try (HeadraceServer server = start()) {
      HttpResponse<String> answer = get(client, server.port());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("https://127.0.0.1:" + server.port());
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThatThrownBy(
              () ->
                  HttpClient.newHttpClient()
                      .send(
                          HttpRequest.newBuilder(
                                  URI.create("http://127.0.0.1:%d/who".formatted(server.port())))
                              .build(),
                          BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aNewCertificateIsTakenOverAndAWrongOneIsNot() throws Exception {
    X509Certificate first = make("EC", "first");
    try (HeadraceServer server = start()) {
      assertThat(get(trusting(first), server.port()).statusCode()).isEqualTo(200);
      String key = Files.readString(folder.resolve("key.pem"));
      Files.writeString(folder.resolve("chain.pem"), "nothing");
      Serving.await(() -> told.size() == 1);
      assertThat(get(trusting(first), server.port()).statusCode()).isEqualTo(200);
      X509Certificate unused = make("EC", "other");
      Files.writeString(folder.resolve("key.pem"), key);
      Serving.await(() -> told.size() == 2);
      assertThat(told.get(1)).hasMessageContaining("not that of the first certificate");
      assertThat(get(trusting(first), server.port()).statusCode()).isEqualTo(200);
      X509Certificate second = make("EC", "second");
      Serving.await(
          () -> {
            try {
              return get(trusting(second), server.port()).statusCode() == 200;
            } catch (IOException | GeneralSecurityException | InterruptedException e) {
              return false;
            }
          });
      assertThat(told).hasSize(2);
    }
  }

  @Test
  void filesThatAreOfNoUseAreSaidSo() throws Exception {
    X509Certificate unused = make("EC", "first");
    String key = Files.readString(folder.resolve("key.pem"));
    Files.writeString(folder.resolve("key.pem"), key.replace("PRIVATE KEY", "RSA PRIVATE KEY"));
    assertThatThrownBy(this::start)
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("there is no 'BEGIN PRIVATE KEY' in it")
        .extracting(e -> ((HeadraceException) e).hint())
        .asString()
        .contains("openssl pkcs8");
    Files.delete(folder.resolve("key.pem"));
    assertThatThrownBy(this::start)
        .isInstanceOf(HeadraceException.class)
        .hasMessageStartingWith("Cannot use certificate");
  }
}

package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.broker.BrokerProcess;
import io.headrace.connector.Connection;
import io.headrace.connector.Connector;
import io.headrace.connector.Delivery;
import io.headrace.connector.Publisher;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Target;
import io.headrace.connector.TargetSettings;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real brokers that clients reach with TLS only, and sign in to. */
class SecureBrokerTest {
  private static final String PASSWORD = "s3cr\"et\\of=ada;";
  private static final String STORES = "changeit7";
  private static final Setting SECRET = new Setting.FromEnvironment("PASSWORD");
  private static final Setting STORE_SECRET = new Setting.FromEnvironment("STORES");
  private static final Duration LONGEST = Duration.ofSeconds(10);

  @TempDir private static Path shared;
  private static Certificates certificates;
  private static BrokerProcess signedIn;
  private static BrokerProcess mutual;
  @TempDir Path root;

  @BeforeAll
  static void start() throws Exception {
    certificates = new Certificates(shared, STORES);
    certificates.make("broker", "ip:127.0.0.1");
    certificates.make("client", "dns:client");
    certificates.make("stranger", "ip:127.0.0.1");
    Properties sasl = tls("SASL_SSL");
    sasl.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    sasl.put(
        "listener.name.clients.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_ada=\"%s\";"
            .formatted(PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"")));
    sasl.put(
        "listener.name.clients.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    signedIn = BrokerProcess.start(shared.resolve("sasl"), 0, file("sasl", sasl));
    Properties ssl = tls("SSL");
    ssl.put("ssl.client.auth", "required");
    ssl.put("ssl.truststore.location", certificates.certificate("client"));
    ssl.put("ssl.truststore.type", "PEM");
    mutual = BrokerProcess.start(shared.resolve("ssl"), 0, file("ssl", ssl));
    ClientSettings settings = ClientSettings.of(connection(plain()), secrets(), shared);
    try (Admin admin = Admin.create(settings.client())) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      "bob",
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                      PASSWORD)))
          .all()
          .get();
      admin.createTopics(List.of(new NewTopic("clicks", 1, (short) 1))).all().get();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    signedIn.close();
    mutual.close();
  }

  private static Properties tls(String protocol) {
    Properties all = new Properties();
    all.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENTS:" + protocol);
    all.put("ssl.keystore.location", certificates.keys("broker"));
    all.put("ssl.keystore.type", "PKCS12");
    all.put("ssl.keystore.password", STORES);
    return all;
  }

  private static Path file(String name, Properties properties) throws IOException {
    Path file = shared.resolve(name + ".properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file;
  }

  private static Secrets secrets() {
    return new Secrets(
        shared,
        name ->
            switch (name) {
              case "PASSWORD" -> PASSWORD;
              case "STORES" -> STORES;
              default -> "wr0ng-" + name;
            });
  }

  private static Connection connection(Map<String, Setting> settings) {
    return new Connection("events", new TreeMap<>(settings), new Location("headrace.yaml", 1, 1));
  }

  private static Map<String, Setting> signedIn(String mechanism, String user) {
    Map<String, Setting> settings = trusting("broker", signedIn.bootstrap(), "SASL_SSL");
    settings.put("sasl.mechanism", new Setting.Plain(mechanism));
    settings.put("sasl.username", new Setting.Plain(user));
    settings.put("sasl.password", SECRET);
    return settings;
  }

  private static Map<String, Setting> plain() {
    return signedIn("PLAIN", "ada");
  }

  private static Map<String, Setting> withCertificate(String name) {
    Map<String, Setting> settings = trusting("broker", mutual.bootstrap(), "SSL");
    settings.put("ssl.keystore.location", new Setting.Plain(certificates.keys(name)));
    settings.put("ssl.keystore.type", new Setting.Plain("PKCS12"));
    settings.put("ssl.keystore.password", STORE_SECRET);
    return settings;
  }

  private static Map<String, Setting> trusting(String name, String bootstrap, String protocol) {
    Map<String, Setting> settings = new TreeMap<>();
    settings.put("bootstrap", new Setting.Plain(bootstrap));
    settings.put("security.protocol", new Setting.Plain(protocol));
    settings.put("ssl.truststore.location", new Setting.Plain(certificates.certificate(name)));
    settings.put("ssl.truststore.type", new Setting.Plain("PEM"));
    return settings;
  }

  private static Map<String, Setting> with(
      Map<String, Setting> settings, String key, Setting value) {
    Map<String, Setting> changed = new TreeMap<>(settings);
    changed.put(key, value);
    return changed;
  }

  /** Hands an event over, delivers a version, and reads both. */
  private void works(Map<String, Setting> settings, String suffix) throws IOException {
    Connector connector = new KafkaConnector();
    Reading reading = new Reading(root, "unused:1");
    String heard = "clicks" + suffix;
    try (Publisher publisher = connector.openPublisher(connection(settings), root, secrets())) {
      assertThat(publisher.publish(heard, Optional.empty(), bytes("one")).join().offset())
          .isEqualTo(0);
    }
    try (Target target =
        connector.openTarget(
            new TargetSettings(root, root, connection(settings), "out" + suffix, new TreeMap<>()),
            secrets())) {
      Delivery delivery = reading.delivery("v1", Optional.empty(), "SELECT 7 AS id");
      assertThat(target.deliver(delivery, Cancellation.never())).contains(1L);
      assertThat(target.version()).contains("v1");
    }
    for (Map.Entry<String, String> each :
        Map.of(heard, "0/0 one", "out" + suffix, "0/0 {\"id\":7}").entrySet()) {
      try (Source source = open(settings, each.getKey())) {
        assertThat(reading.messages(source, List.of(), source.positions()))
            .containsExactly(each.getValue());
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Source open(Map<String, Setting> settings, String topic) {
    return new KafkaConnector()
        .open(
            new SourceSettings(
                root,
                connection(settings),
                new TreeMap<>(Map.of("topic", topic, "format", "text")),
                List.of(),
                new TreeMap<>()),
            secrets());
  }

  @Test
  void readsDeliversAndListensWithAPassword() throws IOException {
    works(plain(), "-plain");
    works(signedIn("SCRAM-SHA-512", "bob"), "-scram");
  }

  @Test
  void readsDeliversAndListensWithACertificate() throws IOException {
    works(withCertificate("client"), "-mutual");
  }

  @Test
  void saysThatThePasswordIsWrong() {
    Setting wrong = new Setting.FromEnvironment("OTHER");
    for (Map<String, Setting> settings :
        List.of(plain(), signedIn("SCRAM-SHA-512", "bob"), signedIn("SCRAM-SHA-512", "eve"))) {
      fails(with(settings, "sasl.password", wrong), "Authentication failed", "`sasl.password`");
    }
    fails(signedIn("SCRAM-SHA-256", "bob"), "SCRAM-SHA-256", "`sasl.mechanism`");
  }

  @Test
  void saysThatTheBrokerIsNotTrusted() {
    fails(
        with(
            plain(),
            "ssl.truststore.location",
            new Setting.Plain(certificates.certificate("stranger"))),
        "SSL handshake failed",
        "`ssl.truststore.location`");
    String elsewhere = "localhost:" + signedIn.port();
    fails(with(plain(), "bootstrap", new Setting.Plain(elsewhere)), "SSL handshake failed", "name");
  }

  @Test
  void saysThatTheCertificateIsNotTakenOrMissing() {
    fails(withCertificate("stranger"), "handshake", "ssl.keystore.location");
    fails(trusting("broker", mutual.bootstrap(), "SSL"), "handshake", "ssl.keystore");
    fails(
        with(withCertificate("client"), "ssl.keystore.password", SECRET),
        "password was incorrect",
        "settings of the connection");
    fails(
        with(withCertificate("client"), "ssl.keystore.location", new Setting.Plain("none.p12")),
        "there is no file '",
        "settings of the connection");
    fails(
        with(plain(), "ssl.truststore.location", new Setting.Plain("none.pem")),
        "none.pem",
        "settings of the connection");
  }

  @Test
  void saysThatOneSideSpeaksPlainText() throws IOException {
    fails(
        Map.of("bootstrap", new Setting.Plain(signedIn.bootstrap())),
        "no broker answers",
        "`security.protocol`");
    try (BrokerProcess open = BrokerProcess.start(shared.resolve("open"), 0)) {
      fails(trusting("broker", open.bootstrap(), "SSL"), "", "`security.protocol`");
    }
  }

  /** Each way of using it fails within ten seconds, and says what and why without a secret. */
  private void fails(Map<String, Setting> settings, String reason, String hint) {
    Connector connector = new KafkaConnector();
    Delivery delivery =
        new Reading(root, "unused:1").delivery("v1", Optional.empty(), "SELECT 7 AS id");
    fails(
        () -> {
          try (Source source = open(settings, "clicks")) {
            assertThat(source.positions()).isEmpty();
          }
        },
        reason,
        hint);
    fails(
        () -> {
          try (Publisher publisher =
              connector.openPublisher(connection(settings), root, secrets())) {
            publisher.publish("clicks", Optional.empty(), bytes("one")).get();
          } catch (ExecutionException e) {
            throw (HeadraceException) e.getCause();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        reason,
        hint);
    fails(
        () -> {
          try (Target target =
              connector.openTarget(
                  new TargetSettings(root, root, connection(settings), "out", new TreeMap<>()),
                  secrets())) {
            assertThat(target.deliver(delivery, Cancellation.never())).isEmpty();
          }
        },
        reason,
        hint);
  }

  private static void fails(Runnable use, String reason, String hint) {
    long began = System.nanoTime();
    assertThatThrownBy(use::run)
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("'events'")
        .hasMessageContaining(reason)
        .hasNoCause()
        .satisfies(
            e -> {
              HeadraceException failure = (HeadraceException) e;
              assertThat(failure.hint()).contains(hint);
              assertThat(failure.getMessage() + failure.hint())
                  .doesNotContain(PASSWORD, "s3cr", STORES, "wr0ng");
            });
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST);
  }
}

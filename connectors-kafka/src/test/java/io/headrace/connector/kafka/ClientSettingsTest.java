package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Connection;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a connection may say, and nothing else. */
class ClientSettingsTest {
  private static final Setting BOOTSTRAP = new Setting.Plain("kafka.example.com:9092");
  private static final Setting SECRET = new Setting.FromEnvironment("SECRET");
  private static final Secrets SECRETS = new Secrets(Path.of("/project"), name -> "s3\"cr\\et");

  private static ClientSettings of(Map<String, Setting> settings) {
    return ClientSettings.of(
        new Connection("events", new TreeMap<>(settings), new Location("headrace.yaml", 1, 1)),
        SECRETS,
        Path.of("/project"));
  }

  @Test
  void signsInWithAPasswordThatIsNotInTheProject() {
    ClientSettings settings =
        of(
            Map.of(
                "bootstrap", BOOTSTRAP,
                "security.protocol", new Setting.Plain("SASL_SSL"),
                "sasl.mechanism", new Setting.Plain("SCRAM-SHA-512"),
                "sasl.username", new Setting.Plain("ada"),
                "sasl.password", SECRET,
                "ssl.truststore.location", new Setting.Plain("certificates/ca.pem"),
                "ssl.truststore.type", new Setting.Plain("PEM")));
    assertThat(settings.properties())
        .containsEntry("bootstrap.servers", "kafka.example.com:9092")
        .containsEntry("ssl.truststore.location", "/project/certificates/ca.pem")
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"ada\""
                + " password=\"s3\\\"cr\\\\et\";")
        .doesNotContainKeys("bootstrap", "sasl.username", "sasl.password");
    assertThat(settings.hide().apply("no s3\"cr\\et here")).isEqualTo("no *** here");
  }

  @Test
  void refusesWhatCouldLoadCode() {
    for (String key :
        new String[] {
          "sasl.jaas.config",
          "interceptor.classes",
          "config.providers",
          "sasl.login.callback.handler.class",
          "metric.reporters",
          "ssl.engine.factory.class"
        }) {
      assertThatThrownBy(() -> of(Map.of("bootstrap", BOOTSTRAP, key, new Setting.Plain("x"))))
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("'%s' is not allowed in the connection 'events'".formatted(key));
    }
  }

  @Test
  void refusesHalfASignIn() {
    assertThatThrownBy(() -> of(Map.of("bootstrap", BOOTSTRAP, "sasl.password", SECRET)))
        .hasMessageContaining("does not sign in");
    assertThatThrownBy(
            () ->
                of(
                    Map.of(
                        "bootstrap",
                        BOOTSTRAP,
                        "security.protocol",
                        new Setting.Plain("SASL_SSL"))))
        .hasMessageContaining("has no `sasl.username` and `sasl.password`");
    assertThatThrownBy(
            () -> of(Map.of("bootstrap", BOOTSTRAP, "ssl.key.password", new Setting.Plain("x"))))
        .hasMessageContaining("is written in the project");
  }

  @Test
  void refusesWhatIsNoAddress() {
    assertThatThrownBy(() -> of(Map.of())).hasMessage("The connection 'events' has no `bootstrap`");
    assertThatThrownBy(() -> of(Map.of("bootstrap", new Setting.Plain("kafka"))))
        .hasMessageContaining("'kafka' is no HOST:PORT");
    assertThatThrownBy(
            () -> of(Map.of("bootstrap", BOOTSTRAP, "security.protocol", new Setting.Plain("TLS"))))
        .hasMessageContaining("is 'TLS'");
  }
}

package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.server.Endpoint;
import io.headrace.server.access.Doorway;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AccessOptionsTest {
  private static AccessOptions options(String... words) {
    AccessOptions options = new AccessOptions();
    CommandLine.populateCommand(options, words);
    return options;
  }

  private static String url(String... words) {
    AccessOptions options = options(words);
    return options.url(options.endpoint(Path.of("")), 8080);
  }

  private static Endpoint endpoint(String... words) {
    return options(words).endpoint(Path.of(""));
  }

  @Test
  void addressesOfIpv6HaveBrackets() {
    assertThat(url("--host", "::1")).isEqualTo("http://[::1]:8080");
    assertThat(url("--host", "[::1]")).isEqualTo("http://[::1]:8080");
    assertThat(url("--host", "127.0.0.1")).isEqualTo("http://127.0.0.1:8080");
    assertThat(url("--access", "a", "--behind-proxy", "--name", "2001:db8::7"))
        .isEqualTo("https://[2001:db8::7]");
    assertThat(endpoint("--host", "::1").doorway()).isEqualTo(Doorway.LOOPBACK);
    assertThat(
            endpoint("--access", "a", "--behind-proxy", "--host", "2001:DB8::7").doorway().names())
        .contains("[2001:db8::7]")
        .doesNotContain("2001:db8::7", "2001:DB8::7");
  }
}

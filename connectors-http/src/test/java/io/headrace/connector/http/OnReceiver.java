package io.headrace.connector.http;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that deliver to an API of their own. */
abstract class OnReceiver {
  static final String FIVE = "SELECT range AS id, 'n' || range AS note FROM range(5)";

  @TempDir Path root;
  private Receiver receiver;

  @BeforeEach
  final void start() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  final void stop() {
    receiver.close();
  }

  final Receiver receiver() {
    return receiver;
  }

  final Reading reading(String... settings) {
    return Reading.of(root, receiver.url(), settings);
  }

  final Optional<Long> deliver(Delivery delivery, String... settings) {
    try (Target target = reading().target("/rows", settings)) {
      Optional<String> unused = target.version();
      return target.deliver(delivery, Cancellation.never());
    }
  }

  final Optional<String> held(String... settings) {
    try (Target target = reading().target("/rows", settings)) {
      return target.version();
    }
  }

  final Optional<Target.Begun> begun(String... settings) {
    try (Target target = reading().target("/rows", settings)) {
      Optional<String> unused = target.version();
      return target.begun();
    }
  }

  final Delivery first(String sql, String... key) {
    return reading().all("v1", Optional.empty(), sql, key);
  }

  static List<String> rows(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":%d,\"note\":\"n%d\"}".formatted(i, i))
        .toList();
  }

  final List<String> keys() {
    return receiver.batches().stream().map(each -> each.header("Idempotency-Key")).toList();
  }
}

package io.headrace.connector.kafka;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Says what went wrong with Kafka, and what to do, without secrets. The exceptions of the client
 * are not kept as causes, because their messages may have secrets.
 */
record Failures(ClientSettings settings) {
  HeadraceException of(Throwable failure) {
    Throwable e = failure;
    while (e.getCause() != null
        && (e instanceof ExecutionException
            || e.getClass().getSimpleName().equals("KafkaException"))) {
      e = e.getCause();
    }
    if (e instanceof TimeoutException) {
      return cannotRead(
          "no broker answers at %s".formatted(settings.address()),
          "Is Kafka running there, and is `bootstrap` of the connection right? Then run again");
    }
    if (e instanceof ConfigException) {
      return cannotRead(message(e), "Look at the settings of the connection");
    }
    if (e instanceof SslAuthenticationException) {
      return cannotRead(
          message(e), "Does `ssl.truststore.location` have the broker's certificate?");
    }
    if (e instanceof AuthenticationException) {
      return cannotRead(
          message(e), "Are `sasl.username`, `sasl.password` and `sasl.mechanism` right?");
    }
    if (e instanceof AuthorizationException) {
      return cannotRead(message(e), "Let the user of the connection read and describe the topic");
    }
    return cannotRead(message(e), "Try the same with a client of Kafka");
  }

  HeadraceException writing(IOException e) {
    return new HeadraceException(
        "Cannot keep messages of the connection '%s': %s"
            .formatted(settings.connection(), e.getMessage()),
        "Is there room on the disk?");
  }

  private HeadraceException cannotRead(String reason, String hint) {
    return new HeadraceException(
        "Cannot read from '%s': %s".formatted(settings.connection(), reason), hint);
  }

  private String message(Throwable e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return settings.hide().apply(text).lines().findFirst().orElse("").replaceFirst("\\.$", "");
  }
}

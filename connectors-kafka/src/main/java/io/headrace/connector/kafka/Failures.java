package io.headrace.connector.kafka;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Says what went wrong with Kafka, and what to do, without secrets. The exceptions of the client
 * are not kept as causes, because their messages may have secrets.
 *
 * @param doing what is done with the connection, in words
 * @param rights what to do if that is not allowed
 */
record Failures(ClientSettings settings, String doing, String rights) {
  static Failures reading(ClientSettings settings) {
    return new Failures(
        settings, "read from", "Let the user of the connection read and describe the topic");
  }

  static Failures publishing(ClientSettings settings) {
    return new Failures(
        settings, "write to", "Let the user of the connection write and describe the topic");
  }

  static Failures delivering(ClientSettings settings) {
    return new Failures(
        settings,
        "deliver to",
        "Let the user of the connection write, read and describe the topic and its"
            + " 'headrace-exports-' topic, and use transactional ids that begin like that");
  }

  HeadraceException of(Throwable failure) {
    Throwable e = failure;
    while (e.getCause() != null
        && (e instanceof ExecutionException
            || e.getClass().getSimpleName().equals("KafkaException"))) {
      e = e.getCause();
    }
    if (e instanceof TimeoutException) {
      return failed(
          "no broker answers at %s".formatted(settings.address()),
          "Is Kafka running there, and are `bootstrap` and `security.protocol` of the connection"
              + " right? Then run again");
    }
    if (e instanceof RecordTooLargeException) {
      return failed(
          message(e), "Raise `max.message.bytes` of the topic, or export fewer or shorter columns");
    }
    if (e instanceof ConfigException) {
      return failed(message(e), "Look at the settings of the connection");
    }
    if (e instanceof SslAuthenticationException) {
      return failed(
          message(e),
          "Does `ssl.truststore.location` have the broker's certificate, is it for the name in"
              + " `bootstrap`, and does the broker want one too: `ssl.keystore.location`? Does it"
              + " speak TLS at all: `security.protocol`?");
    }
    if (e instanceof AuthenticationException) {
      return failed(message(e), "Are `sasl.username`, `sasl.password` and `sasl.mechanism` right?");
    }
    if (e instanceof AuthorizationException) {
      return failed(message(e), rights);
    }
    if (e instanceof IOException
        || e instanceof GeneralSecurityException
        || e instanceof InvalidConfigurationException) {
      return failed(
          e instanceof NoSuchFileException
              ? "there is no file '%s'".formatted(message(e))
              : message(e),
          "Look at `ssl.truststore` and `ssl.keystore` in the settings of the connection: are the"
              + " files there, and the passwords right?");
    }
    return failed(message(e), "Try the same with a client of Kafka");
  }

  HeadraceException writing(IOException e) {
    return new HeadraceException(
        "Cannot keep messages of the connection '%s': %s"
            .formatted(settings.connection(), e.getMessage()),
        "Is there room on the disk?");
  }

  private HeadraceException failed(String reason, String hint) {
    return new HeadraceException(
        "Cannot %s '%s': %s".formatted(doing, settings.connection(), reason), hint);
  }

  private String message(Throwable e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return settings.hide().apply(text).lines().findFirst().orElse("").replaceFirst("\\.$", "");
  }
}

package io.headrace.connector.http;

import io.headrace.bytes.BoundedStream;
import io.headrace.bytes.BoundedStream.TooLargeException;
import io.headrace.bytes.Gunzip;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer at a time, without any redirect, repetition or cookie. Not for several
 * threads.
 */
final class Exchange implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MOST_HEADERS = 200;
  private static final int LONGEST_LINE = 64 << 10;
  private static final int MOST_OF_AN_ERROR = 4 << 10;

  private final CloseableHttpClient client;
  private final Duration limit;
  private final long mostBytes;
  private final Failures failures;
  private final ScheduledExecutorService timer;

  Exchange(PublicResolver resolver, Limits limits, Failures failures) {
    this.limit = limits.request();
    this.mostBytes = limits.bytes();
    this.failures = failures;
    this.timer = timer();
    Timeout silence = Timeout.of(limit);
    Timeout connect = Timeout.of(limit.compareTo(CONNECT) < 0 ? limit : CONNECT);
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(resolver)
                    .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder()
                            .http1Config(
                                Http1Config.custom()
                                    .setMaxHeaderCount(MOST_HEADERS)
                                    .setMaxLineLength(LONGEST_LINE)
                                    .build())
                            .build())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(connect)
                            .setSocketTimeout(silence)
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setResponseTimeout(silence)
                    .setConnectionRequestTimeout(silence)
                    .setRedirectsEnabled(false)
                    .setAuthenticationEnabled(false)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .setUserAgent("headrace")
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableConnectionState()
            .build();
  }

  /** Breaks off what takes too long, even if bytes keep coming. */
  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "headrace-http-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Asks once.
   *
   * @param content what is sent; if there is none, it is a GET
   * @param body gets what is answered if the status is 200
   * @throws TransientException if another attempt may help
   * @throws CancelledException if {@code cancel} was requested
   */
  Answer send(
      URI uri,
      Map<String, String> headers,
      Optional<Outgoing> content,
      Spool body,
      Cancellation cancel)
      throws TransientException {
    cancel.throwIfRequested();
    HttpUriRequestBase request =
        new HttpUriRequestBase(content.map(Outgoing::method).orElse("GET"), uri);
    headers.forEach(request::setHeader);
    request.setHeader("Accept-Encoding", "gzip");
    content
        .filter(sent -> !sent.body().isEmpty())
        .ifPresent(sent -> request.setEntity(sent.entity()));
    AtomicBoolean isLate = new AtomicBoolean();
    ScheduledFuture<?> alarm =
        timer.schedule(
            () -> {
              isLate.set(true);
              request.cancel();
            },
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    try (Cancellation.Registration registration = cancel.onRequest(request::cancel);
        ClassicHttpResponse response = client.executeOpen(null, request, null)) {
      try {
        return answer(uri, response, body);
      } finally {
        // Else the rest of a body, however long, would be read before the connection is free.
        request.cancel();
      }
    } catch (IOException e) {
      cancel.throwIfRequested();
      throw failed(uri, e, isLate.get());
    } finally {
      alarm.cancel(false);
    }
  }

  /** What is to be thrown; throws itself what no other attempt would change. */
  private TransientException failed(URI uri, IOException e, boolean isLate) {
    if (isLate) {
      return new TransientException(
          "it took longer than `timeout`, which is " + Failures.text(limit));
    }
    if (e instanceof TooLargeException) {
      throw failures.of(
          uri,
          String.valueOf(e.getMessage()),
          "Ask for fewer rows in a page, or raise `max_bytes` of the connection");
    }
    if (e instanceof SpoolException spool) {
      throw failures.keeping(spool.failure());
    }
    boolean isLasting =
        e instanceof UnknownHostException
            || e instanceof SSLHandshakeException
            || e instanceof SSLPeerUnverifiedException
            || e.getCause() instanceof ProtocolException;
    if (isLasting) {
      throw failures.of(uri, e);
    }
    return new TransientException(failures.reason(e));
  }

  private Answer answer(URI uri, ClassicHttpResponse response, Spool body) throws IOException {
    HttpEntity entity = response.getEntity();
    String coding = text(response, "Content-Encoding").toLowerCase(Locale.ROOT).strip();
    boolean isGzip = coding.equals("gzip") || coding.equals("x-gzip");
    String excerpt = "";
    if (response.getCode() == 200) {
      if (!isGzip && !coding.isEmpty() && !coding.equals("identity")) {
        throw failures.of(
            uri, "its answer is packed as '%s'".formatted(coding), "Only gzip is known");
      }
      keep(entity, isGzip, body);
    } else if (entity != null) {
      excerpt = beginning(entity, isGzip);
    }
    String type = text(response, "Content-Type");
    return new Answer(
        uri,
        response.getCode(),
        type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT),
        charset(uri, type),
        texts(response, "Link"),
        Optional.of(text(response, "ETag")).filter(text -> text.startsWith("\"")),
        date(text(response, "Date")),
        Optional.of(text(response, "Retry-After")).filter(text -> !text.isBlank()),
        Optional.of(text(response, "Location")).filter(text -> !text.isBlank()),
        isGzip || entity == null || entity.isChunked() || entity.getContentLength() >= 0,
        excerpt);
  }

  private void keep(@Nullable HttpEntity entity, boolean isGzip, Spool body) throws IOException {
    OutputStream out = spooling(body::write);
    if (entity == null) {
      return;
    }
    // Packed bytes are bounded too: any number of them may unpack to nothing.
    InputStream raw = bounded(entity.getContent());
    if (isGzip) {
      try (Gunzip unpacked = new Gunzip(raw)) {
        copy(bounded(unpacked), out);
      }
    }
    // Behind what is packed, the end: only then is it known that all is there.
    copy(raw, isGzip ? OutputStream.nullOutputStream() : out);
  }

  private InputStream bounded(InputStream in) {
    return new BoundedStream(
        in, mostBytes, "its answer has more than %,d bytes".formatted(mostBytes));
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      int length = count;
      spooling(
          () -> {
            out.write(buffer, 0, length);
            return out;
          });
    }
  }

  /** As much of a body as a message shows; what it says of an error is no reason for another. */
  private String beginning(HttpEntity entity, boolean isGzip) {
    try (Gunzip unpacked = new Gunzip(entity.getContent())) {
      InputStream in = isGzip ? unpacked : entity.getContent();
      byte[] bytes = bounded(in).readNBytes(MOST_OF_AN_ERROR);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Tells a disk that fails from an API that does. */
  private static OutputStream spooling(Write write) throws SpoolException {
    try {
      return write.run();
    } catch (IOException e) {
      throw new SpoolException(e);
    }
  }

  @FunctionalInterface
  private interface Write {
    OutputStream run() throws IOException;
  }

  private static final class SpoolException extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException failure;

    SpoolException(IOException failure) {
      this.failure = failure;
    }

    IOException failure() {
      return failure;
    }
  }

  private static String text(ClassicHttpResponse response, String name) {
    Header header = response.getFirstHeader(name);
    return header == null || header.getValue() == null ? "" : header.getValue();
  }

  private static List<String> texts(ClassicHttpResponse response, String name) {
    List<String> texts = new ArrayList<>();
    for (Header header : response.getHeaders(name)) {
      texts.add(String.valueOf(header.getValue()));
    }
    return texts;
  }

  private Charset charset(URI uri, String contentType) {
    String name =
        contentType.toLowerCase(Locale.ROOT).contains("charset=")
            ? contentType.replaceFirst("(?i).*charset=\\s*\"?([^\\s\";]*).*", "$1")
            : "UTF-8";
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw failures.of(
          uri, "its answer is written in '%s'".formatted(name), "Java knows no such charset");
    }
  }

  private static Optional<Instant> date(String text) {
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
  }
}

package io.headrace.connector.kafka;

import io.headrace.connector.Connection;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.connector.kafka.RegisteredSchema.Reference;
import io.headrace.error.HeadraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The schemas that messages were written with, by the ids in the messages. The schema of an id
 * never changes, so that it is asked for once. Safe for many threads.
 */
final class SchemaRegistry<S> {
  /** A zero and the id of the schema are before a message that was written with a registry. */
  static final int HEADER_BYTES = 5;

  /** Why a message is rejected that does not begin so. */
  static final String NOT_WRITTEN_WITH =
      "not written with a schema registry: it does not begin with 0 and the id of a schema";

  private static final Duration TO_CONNECT = Duration.ofSeconds(4);
  private static final Duration TO_ANSWER = Duration.ofSeconds(7);
  private static final int MOST_BYTES = 10 << 20;
  private static final int MOST_REFERENCES = 200;
  private static final List<String> KEYS = List.of("password", "url", "user");

  private final String name;
  private final String url;
  private final Optional<String> authorization;
  private final UnaryOperator<String> hide;
  private final RegisteredKind<S> kind;
  private final Map<Integer, S> known;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TO_CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private SchemaRegistry(
      String name,
      String url,
      Optional<String> authorization,
      UnaryOperator<String> hide,
      RegisteredKind<S> kind,
      Map<Integer, S> known) {
    this.name = name;
    this.url = url;
    this.authorization = authorization;
    this.hide = hide;
    this.kind = kind;
    this.known = known;
  }

  /**
   * The registry that a connection names.
   *
   * @param kind of its schemas
   * @param known schemas of it that were asked for before; safe for many threads
   * @throws HeadraceException if something in the connection is not allowed
   */
  static <S> SchemaRegistry<S> of(
      Connection connection, Secrets secrets, RegisteredKind<S> kind, Map<Integer, S> known) {
    connection
        .settings()
        .forEach(
            (key, setting) -> {
              if (!KEYS.contains(key)) {
                throw new HeadraceException(
                    "'%s' is not allowed in the connection '%s', which is a schema registry"
                        .formatted(key, connection.name()),
                    "Allowed are " + String.join(", ", KEYS));
              }
              if (key.equals("password") && setting instanceof Setting.Plain) {
                throw new HeadraceException(
                    "The password `password` of the connection '%s' is written in the project"
                        .formatted(connection.name()),
                    "Give it by reference: `password: {env: VARIABLE}` or `password: {file: PATH}`");
              }
            });
    Optional<String> user = value(connection, "user", secrets);
    Optional<String> password = value(connection, "password", secrets);
    String url = value(connection, "url", secrets).orElse("").replaceFirst("/+$", "");
    boolean isUrl = isUrl(url);
    if (!isUrl || user.isPresent() != password.isPresent()) {
      throw new HeadraceException(
          isUrl
              ? "The connection '%s' has one of `user` and `password`".formatted(connection.name())
              : "The connection '%s' has no `url` of a schema registry"
                  .formatted(connection.name()),
          isUrl
              ? "Write both, or none"
              : "Write where it is, without a user: `url: https://registry.example.com`");
    }
    Optional<String> authorization = user.map(u -> secrets.basic(u, password.orElseThrow()));
    return new SchemaRegistry<>(connection.name(), url, authorization, secrets::hide, kind, known);
  }

  private static boolean isUrl(String url) {
    try {
      URI uri = new URI(url);
      return url.matches("https?://[^@?#]+") && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Optional<String> value(Connection connection, String key, Secrets secrets) {
    return Optional.ofNullable(connection.settings().get(key)).map(secrets::value);
  }

  /** Whether a message begins as those do that were written with a registry. */
  static boolean isWrittenWith(byte[] message) {
    return message.length >= HEADER_BYTES && message[0] == 0;
  }

  /** The id of the schema that such a message was written with. */
  static int id(byte[] message) {
    return ByteBuffer.wrap(message).getInt(1);
  }

  /**
   * The schema of an id.
   *
   * @throws HeadraceException if the registry does not answer, does not know it, or has something
   *     of another kind by that id
   */
  S schema(int id) {
    S schema = known.get(id);
    if (schema == null) {
      String what = "the schema %d".formatted(id);
      RegisteredSchema answer = ask("/schemas/ids/" + id, what);
      requireKind(answer, what);
      SortedMap<String, String> references = new TreeMap<>();
      List<String> texts = new ArrayList<>();
      references(answer, new HashSet<>(), references, texts);
      try {
        schema = kind.parsing().of(answer.schema(), references, texts);
      } catch (IOException e) {
        throw failed(
            what,
            "it is no %s: %s".formatted(kind.named(), e.getMessage()),
            "Is the registry well?");
      }
      known.put(id, schema);
    }
    return schema;
  }

  /** Schemas that a schema names have to be known before it is. */
  private void references(
      RegisteredSchema answer,
      Set<Reference> seen,
      SortedMap<String, String> byName,
      List<String> texts) {
    for (Reference reference : answer.references()) {
      if (seen.add(reference)) {
        String what = "version %s of '%s'".formatted(reference.version(), reference.subject());
        if (seen.size() > MOST_REFERENCES) {
          throw failed(what, "too many schemas name each other", "Is the registry well?");
        }
        String subject = URLEncoder.encode(reference.subject(), StandardCharsets.UTF_8);
        RegisteredSchema other =
            ask(
                "/subjects/%s/versions/%s"
                    .formatted(subject.replace("+", "%20"), reference.version()),
                what);
        requireKind(other, what);
        references(other, seen, byName, texts);
        byName.put(reference.name(), other.schema());
        texts.add(other.schema());
      }
    }
  }

  private void requireKind(RegisteredSchema answer, String what) {
    if (!answer.type().equals(kind.type())) {
      throw failed(
          what,
          "it is of type " + answer.type(),
          "Is it the registry of the topic, and `format` right?");
    }
  }

  private RegisteredSchema ask(String path, String what) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    authorization.ifPresent(text -> request.header("Authorization", text));
    Body body = new Body();
    CompletableFuture<HttpResponse<Void>> sent =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArrayConsumer(body));
    try {
      // The time limit of a request does not hold for the body of its answer.
      int status = sent.get(TO_ANSWER.toSeconds(), TimeUnit.SECONDS).statusCode();
      if (status != 200) {
        throw refused(what, status);
      }
      return RegisteredSchema.of(body.bytes());
    } catch (ExecutionException | TimeoutException | IOException e) {
      sent.cancel(true);
      throw failed(
          what,
          e instanceof TimeoutException ? "it does not answer" : reason(e),
          "Is the registry running at %s? Then run again".formatted(url));
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw failed(what, "interrupted", "Run again");
    }
  }

  private static String reason(Exception failure) {
    Throwable e = failure.getCause() == null ? failure : failure.getCause();
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** The body of an answer, unless it is too long. Its parts come one after the other. */
  private static final class Body implements Consumer<Optional<byte[]>> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isTooLong;

    @Override
    public void accept(Optional<byte[]> part) {
      int length = part.map(each -> each.length).orElse(0);
      isTooLong |= length > MOST_BYTES - bytes.size();
      if (!isTooLong) {
        part.ifPresent(bytes::writeBytes);
      }
    }

    byte[] bytes() throws IOException {
      if (isTooLong) {
        throw new IOException("its answer is too long");
      }
      return bytes.toByteArray();
    }
  }

  private HeadraceException refused(String what, int status) {
    return failed(
        what,
        "it answers %d".formatted(status),
        switch (status) {
          case 401, 403 -> "Are `user` and `password` of the connection right?";
          case 404 ->
              "Was the topic written with another registry? A message that names a schema which no"
                  + " registry has stops the table: read the topic with `format: text`, or begin"
                  + " behind it with `start`";
          default -> "Run again when the registry is well";
        });
  }

  private HeadraceException failed(String what, String reason, String hint) {
    return new HeadraceException(
        hide.apply(
            "Cannot read %s from '%s': %s"
                .formatted(what, name, reason.lines().findFirst().orElse(""))),
        hint);
  }
}

package io.headrace.connector.http;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;

/**
 * Says what went wrong with an API, and what to do, without secrets: addresses are shown without
 * their parameters. The exceptions of the client are not kept as causes, because their messages may
 * have secrets.
 *
 * @param connection the name of the connection
 * @param work what did not succeed
 * @param hide takes secrets out of a text
 */
record Failures(String connection, Work work, UnaryOperator<String> hide) {
  /** What is done with an API. */
  enum Work {
    READING(
        "read from", "source", "read", "run again later. Nothing was changed", "read less at once"),
    DELIVERING(
        "deliver to",
        "export",
        "delivered",
        "`headrace export` goes on where it was",
        "let `headrace export` go on where it was");

    private final String verb;
    private final String file;
    private final String done;
    private final String later;
    private final String less;

    Work(String verb, String file, String done, String later, String less) {
      this.verb = verb;
      this.file = file;
      this.done = done;
      this.later = later;
      this.less = less;
    }
  }

  private static final int MOST_SHOWN = 200;

  HeadraceException of(URI uri, String reason, String hint) {
    return new HeadraceException(
        "Cannot %s '%s': %s: %s".formatted(work.verb, connection, shown(uri), hide.apply(reason)),
        hint);
  }

  /** An address without parameters, which may be secrets. */
  String shown(URI uri) {
    return hide.apply(Origin.of(uri).shown() + (uri.getPath() == null ? "" : uri.getPath()));
  }

  /** Something that another attempt would not change. */
  HeadraceException of(URI uri, IOException e) {
    if (e instanceof PublicResolver.NotPublicException) {
      return of(uri, message(e), "If that is meant, say `allow_private: true` in the connection");
    }
    return of(uri, reason(e), hint(e));
  }

  private static String hint(IOException e) {
    if (e instanceof UnknownHostException) {
      return "Is the host in `url` of the connection right?";
    }
    if (e instanceof SSLException) {
      return "Does the API have a certificate of its name that Java trusts?";
    }
    return "Is the API running, and is `url` of the connection right? Then run again";
  }

  String reason(IOException e) {
    if (e instanceof UnknownHostException) {
      return "there is no such host";
    }
    if (e instanceof SocketTimeoutException) {
      return "it did not answer in time";
    }
    if (e instanceof ConnectException) {
      return "nobody answers there";
    }
    return message(e);
  }

  private String message(IOException e) {
    return excerpt(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
        .replaceFirst("\\.$", "");
  }

  /** The beginning of a text of the API on one line. Secrets are hidden before it is cut. */
  String excerpt(String text) {
    String line = hide.apply(text).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
  }

  /** An answer that is not what was asked for. */
  HeadraceException status(URI uri, int status, String body) {
    String said = excerpt(body);
    boolean isPage = said.toLowerCase(Locale.ROOT).startsWith("<");
    String reason =
        "it answers with %d%s%s"
            .formatted(status, phrase(status), said.isEmpty() || isPage ? "" : ": " + said);
    String hint =
        switch (status) {
          case 400, 409, 412, 413, 415, 422 ->
              work == Work.READING
                  ? "Look at `parameters` in the documents of the API"
                  : "Look at what the API takes, and at `format` and `batch`; then `headrace export`";
          case 401 -> "Are the credentials of the connection right, and not expired?";
          case 403 ->
              "May these credentials %s that? Ask who runs the API"
                  .formatted(work == Work.READING ? "read" : "write");
          case 404, 410 ->
              "Are `url` of the connection and `path` of the %s right?".formatted(work.file);
          case 429 -> "Lower `rate` of the connection, or raise its `total_timeout`";
          default ->
              status >= 500
                  ? "It may pass: " + work.later
                  : "Look for it in the documents of the API";
        };
    return of(uri, reason, hint);
  }

  private static String phrase(int status) {
    return switch (status) {
      case 400 -> " (bad request)";
      case 401 -> " (not signed in)";
      case 403 -> " (forbidden)";
      case 404 -> " (not found)";
      case 429 -> " (too many requests)";
      case 500 -> " (an error of its own)";
      case 502, 503, 504 -> " (not available)";
      default -> "";
    };
  }

  HeadraceException outOfTime(URI uri, Duration total, String last) {
    return of(
        uri,
        "not all was %s within %s%s"
            .formatted(work.done, text(total), last.isEmpty() ? "" : "; at last, " + last),
        "Raise `total_timeout` of the connection, or " + work.less);
  }

  static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  HeadraceException keeping(IOException e) {
    return new HeadraceException(
        "Cannot keep rows of the API '%s': %s".formatted(connection, e.getMessage()),
        "Is there room on the disk?");
  }
}

package io.headrace.sql;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What an engine's parser says of one statement. */
public sealed interface Analysis {

  /**
   * The statement is one query, and all that it reads is known.
   *
   * @param tables the tables that it names, outside of its own common table expressions, each once
   * @param files the files that it reads by itself, as written, each once
   * @param unidentified the clauses whose result no fingerprint can cover, such as {@code now()} or
   *     a read from a network; a query with any is built every time
   */
  record Query(
      List<TableReference> tables, List<FileReference> files, List<Unidentified> unidentified)
      implements Analysis {
    public Query {
      tables = List.copyOf(tables);
      files = List.copyOf(files);
      unidentified = List.copyOf(unidentified);
    }
  }

  /**
   * The statement cannot be a task: it does not parse, is not exactly one query, changes data, or
   * reads something that cannot be seen.
   *
   * @param message what is wrong, without a final period
   * @param hint how to mend it, or empty
   * @param offset where, in characters from the start of the statement
   */
  record Refused(String message, String hint, int offset) implements Analysis {
    public Refused {
      requireNonNull(message, "message is null");
      requireNonNull(hint, "hint is null");
    }
  }

  /**
   * A table by the name that the query gives it.
   *
   * @param name as written, parts joined with dots, in lower case
   * @param offset of its first appearance, in characters from the start of the statement
   */
  record TableReference(String name, int offset) {}

  /**
   * A file or a glob that the query reads.
   *
   * @param path as written
   * @param offset of its first appearance
   */
  record FileReference(String path, int offset) {}

  /**
   * A clause that no fingerprint covers.
   *
   * @param clause as a user would write it: {@code now()}
   * @param reason why no fingerprint covers it: "its value is different at every call"
   * @param offset of its first appearance
   */
  record Unidentified(String clause, String reason, int offset) {}
}

package io.headrace.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was asked of a server, and what became of it. */
public interface AuditLog {

  /**
   * Writes an entry down, and returns its number. What is about to be done is written down before,
   * without an outcome, so that nothing is done that is not in the log.
   */
  long add(Entry entry);

  /** Says what became of it. */
  void conclude(long number, String outcome);

  /** The newest entries, newest first. */
  List<Entry> list(int limit);

  /** Forgets the entries of before that time. */
  void forget(Instant before);

  /**
   * Something that was asked.
   *
   * @param who asked; empty if nobody knows
   * @param address where from
   * @param action the method and path of a route, or a command
   * @param subject what it was about: names, or a query
   * @param outcome a word, or empty if it is not known: it goes on, or the server died
   */
  record Entry(
      Instant at,
      String who,
      String address,
      String action,
      String project,
      String environment,
      String subject,
      String outcome) {
    /** Longer texts are cut. */
    public static final int LONGEST = 500;

    public Entry {
      who = cut(who);
      address = cut(address);
      action = cut(action);
      project = cut(project);
      environment = cut(environment);
      subject = cut(subject);
      outcome = cut(outcome);
    }

    private static String cut(String text) {
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    public Optional<String> concluded() {
      return outcome.isEmpty() ? Optional.empty() : Optional.of(outcome);
    }
  }
}

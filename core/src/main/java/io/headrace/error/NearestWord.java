package io.headrace.error;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
public final class NearestWord {
  private NearestWord() {}

  /** The candidate that a few typing mistakes away from {@code word}, or empty if none is near. */
  public static Optional<String> find(String word, Collection<String> candidates) {
    String best = "";
    int bestDistance = Math.max(1, word.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(lower(word), lower(candidate), bestDistance);
      boolean firstOfEqual = distance == bestDistance && candidate.compareTo(best) < 0;
      if (distance < bestDistance || (firstOfEqual && !best.isEmpty())) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** "Did you mean 'x'?" for the nearest candidate, or {@code otherwise} if none is near. */
  public static String hint(String word, Collection<String> candidates, String otherwise) {
    return find(word, candidates).map(near -> "Did you mean '" + near + "'?").orElse(otherwise);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Optimal string alignment distance, or something above {@code limit} if it exceeds it. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}

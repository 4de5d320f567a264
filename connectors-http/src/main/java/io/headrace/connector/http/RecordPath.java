package io.headrace.connector.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the objects that are rows are in a document: {@code data.items} is a list in an object,
 * {@code items[].lines} are the lists of all objects of a list, and nothing is the document itself.
 *
 * @param lists for each list on the way, the names that lead to it; one or more
 */
record RecordPath(List<List<String>> lists) {
  RecordPath {
    lists = lists.stream().map(List::copyOf).toList();
  }

  static RecordPath of(String text) {
    List<List<String>> lists = new ArrayList<>();
    for (String part : text.split("\\[]\\.?", -1)) {
      lists.add(names(part));
    }
    // What the path names last is a list anyway, with a pair of brackets or without.
    if (lists.size() > 1 && lists.get(lists.size() - 1).isEmpty()) {
      lists.remove(lists.size() - 1);
    }
    return new RecordPath(lists);
  }

  static List<String> names(String path) {
    return path.isEmpty() ? List.of() : List.of(path.split("\\.", -1));
  }

  /** How the first list is named in messages. */
  String first() {
    return String.join(".", lists.get(0));
  }

  /** How many lists a row is in. */
  int depth() {
    return lists.size();
  }
}

package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.workspace.Workspace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a history of states must be. It cannot be built again, as its input has forgotten how things
 * were; so it is held against what it was before and what its input is now: what was over stays as
 * it was, what changed ends at one new moment, and what is so from then on begins there.
 */
final class Timeline {
  private static final String ROWS =
      """
      SELECT k::VARCHAR, city, epoch_us(valid_from), coalesce(epoch_us(valid_to), -1), is_current
      FROM states
      """;

  private final String input;
  private Set<Row> rows = Set.of();

  /**
   * One of the table {@code states}.
   *
   * @param input query of the keys and values as they are
   */
  Timeline(String input) {
    this.input = input;
  }

  private record Row(String key, String value, long from, long to) {}

  /** Takes what there is for what must be. */
  void restart(Workspace workspace) {
    rows = read(workspace);
  }

  /** Follows what happened since, which is at most one publication. */
  void follow(Workspace workspace, String where) {
    Map<String, String> now = new HashMap<>();
    for (List<Object> row : TestProject.query(workspace, "main", input)) {
      now.put(row.get(0).toString(), row.get(1).toString());
    }
    Set<Row> found = read(workspace);
    long before = last(rows);
    long moment = last(found);
    Set<Row> expected = after(now, moment);
    assertThat(found).as(where).isEqualTo(expected);
    if (!expected.equals(rows)) {
      assertThat(moment).as(where).isGreaterThan(before);
    }
    rows = found;
  }

  private Set<Row> after(Map<String, String> now, long moment) {
    Map<String, String> begin = new HashMap<>(now);
    Set<Row> after = new HashSet<>();
    for (Row row : rows) {
      if (row.to() >= 0) {
        after.add(row);
      } else if (row.value().equals(now.get(row.key()))) {
        after.add(row);
        begin.remove(row.key());
      } else {
        after.add(new Row(row.key(), row.value(), row.from(), moment));
      }
    }
    begin.forEach((key, value) -> after.add(new Row(key, value, moment, -1)));
    return after;
  }

  private static long last(Set<Row> rows) {
    return rows.stream().mapToLong(row -> Math.max(row.from(), row.to())).max().orElse(-1);
  }

  private static Set<Row> read(Workspace workspace) {
    Set<Row> rows = new HashSet<>();
    for (List<Object> row : TestProject.query(workspace, "main", ROWS)) {
      long to = (long) row.get(3);
      assertThat(row.get(4)).isEqualTo(to < 0);
      Row read = new Row(row.get(0).toString(), row.get(1).toString(), (long) row.get(2), to);
      assertThat(rows.add(read)).as("%s is there twice", read).isTrue();
    }
    return rows;
  }
}

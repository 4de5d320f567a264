package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Environments.Change;
import io.headrace.catalog.Environments.Move;
import io.headrace.catalog.Fence;
import io.headrace.catalog.FencedException;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Snapshot;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Environments} must do. */
abstract class EnvironmentsContract extends CatalogContract {

  private Environments environments() {
    return catalog.environments();
  }

  @BeforeEach
  void someVersions() {
    record(T0, Map.of("a1", A, "a2", A, "a3", A, "b1", B, "b2", B, "c1", C));
  }

  @Test
  void mainIsThereFromTheStart() {
    assertThat(environments().list()).extracting(Environment::name).containsExactly("main");
    assertThat(environments().head("main")).isEqualTo(new Snapshot("main", 0, new TreeMap<>()));
    assertThat(environments().log("main", 10)).isEmpty();
    assertThatThrownBy(() -> environments().delete("main"))
        .isInstanceOf(HeadraceException.class)
        .hasMessage("Cannot delete environment 'main': it is always there");
  }

  @Test
  void aPublicationMovesAllItsPointers() {
    long first = publish(0, "a", null, "a1", "b", null, "b1");
    long second = publish(1, "a", "a1", "a2", "b", "b1", null, "marts.c", null, "c1");

    assertThat(second).isGreaterThan(first).isPositive();
    assertThat(reopen().environments().head("main").versions())
        .isEqualTo(pointers("a", "a2", "marts.c", "c1"));
    assertThat(environments().head("main").commit()).isEqualTo(second);
    assertThat(environments().changes(second))
        .containsExactly(
            new Change(A, Optional.of("a1"), Optional.of("a2")),
            new Change(B, Optional.of("b1"), Optional.empty()),
            new Change(C, Optional.empty(), Optional.of("c1")));
    assertThat(environments().log("main", 10))
        .containsExactly(
            new Commit(second, "main", first, "ada", "message", Optional.of("r"), minute(1)),
            new Commit(first, "main", 0, "ada", "message", Optional.of("r"), minute(0)));
    assertThat(environments().log("main", 1)).hasSize(1);
  }

  @Test
  void aPublicationIsRefusedIfWhatItWritesHasMoved() {
    publish(0, "a", null, "a1", "b", null, "b1");
    assertThatThrownBy(() -> publish(1, "a", null, "a2", "b", "b1", "b2"))
        .isInstanceOf(ConflictException.class)
        .hasMessage("Cannot publish to environment 'main': moved since: a");
    assertThat(environments().head("main").versions()).isEqualTo(pointers("a", "a1", "b", "b1"));
    assertThat(environments().log("main", 10)).hasSize(1);
  }

  @Test
  void aPublicationIsRefusedIfWhatItReadHasMoved() {
    publish(0, "a", null, "a1", "b", null, "b1");
    SortedMap<TableName, Optional<String>> expected =
        new TreeMap<>(Map.of(A, Optional.of("a1"), B, Optional.of("b1")));
    Publication writesA =
        new Publication(
            "main",
            "ada",
            "",
            Optional.empty(),
            T0,
            expected,
            new TreeMap<>(Map.of(A, Optional.of("a2"))),
            Optional.empty());
    Publication writesB =
        new Publication(
            "main",
            "bob",
            "",
            Optional.empty(),
            T0,
            expected,
            new TreeMap<>(Map.of(B, Optional.of("b2"))),
            Optional.empty());

    // Each reads what the other writes: alone either is right, together they would be wrong.
    environments().publish(writesA);
    assertThatThrownBy(() -> environments().publish(writesB))
        .isInstanceOf(ConflictException.class)
        .hasMessageEndingWith("moved since: a");
    assertThat(environments().head("main").versions()).isEqualTo(pointers("a", "a2", "b", "b1"));
  }

  @Test
  void whoLostTheLeaseOfAFencePublishesNothing() {
    record(T0, Map.of("a1", A));
    Publication plain = publication("main", T0, "a", null, "a1");
    Publication fenced =
        new Publication(
            plain.environment(),
            plain.author(),
            plain.message(),
            plain.run(),
            plain.at(),
            plain.expected(),
            plain.changes(),
            plain.forkedFrom(),
            Optional.of(new Fence("k", "me")));
    catalog.leases().tryAcquire("k", "me", T0, TTL);
    catalog.leases().tryAcquire("k", "you", T0.plus(TTL), TTL);
    assertThatThrownBy(() -> environments().publish(fenced))
        .isInstanceOf(FencedException.class)
        .hasMessage("Cannot publish to environment 'main': another has taken 'k' over");
    assertThat(environments().head("main").versions()).isEmpty();

    // One that ran out is held until another takes it.
    catalog.leases().release("k", "you");
    assertThatThrownBy(() -> environments().publish(fenced)).isInstanceOf(FencedException.class);
    catalog.leases().tryAcquire("k", "me", T0, TTL);
    environments().publish(fenced);
    assertThat(environments().head("main").versions()).isEqualTo(pointers("a", "a1"));
  }

  @Test
  void manyTablesThatMovedAreNotAllNamed() {
    SortedMap<TableName, Optional<String>> expected = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      expected.put(TableName.parse("t%03d".formatted(i)), Optional.of("v"));
    }
    Publication publication =
        new Publication(
            "main", "", "", Optional.empty(), T0, expected, new TreeMap<>(), Optional.empty());
    assertThatThrownBy(() -> environments().publish(publication))
        .isInstanceOf(ConflictException.class)
        .hasMessageEndingWith("t008, t009 and 290 more");
  }

  @Test
  void aPublicationThatChangesNothingMakesNoCommit() {
    long commit = publish(0, "a", null, "a1");
    assertThat(publish(1, "a", "a1", "a1", "b", null, null)).isEqualTo(commit);
    assertThat(environments().log("main", 10)).hasSize(1);
    assertThatThrownBy(() -> publish(2, "a", "a2", "a2")).isInstanceOf(ConflictException.class);
  }

  @Test
  void onlyVersionsThatAreThereCanBePublished() {
    assertThatThrownBy(() -> publish(0, "a", null, "a1", "b", null, "lost"))
        .isInstanceOf(HeadraceException.class)
        .isNotInstanceOf(ConflictException.class)
        .hasMessage(
            "Cannot publish to environment 'main': the new versions are not there any more: b");
    assertThat(environments().head("main").versions()).isEmpty();
  }

  @Test
  void anUnknownEnvironmentIsNamed() {
    for (Runnable use :
        List.<Runnable>of(
            () -> environments().publish(publication("dev", T0, "a", null, "a1")),
            () -> environments().head("dev"),
            () -> environments().log("dev", 1),
            () -> environments().commitAt("dev", T0),
            () -> environments().delete("dev"))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("environment 'dev': there is no environment of that name")
          .extracting(e -> ((HeadraceException) e).hint())
          .isEqualTo("There are: main");
    }
    assertThat(environments().find("dev")).isEmpty();
  }

  @Test
  void everyEarlierStateCanBeRead() {
    long c1 = publish(0, "a", null, "a1", "b", null, "b1");
    long c2 = publish(1, "a", "a1", "a2", "marts.c", null, "c1");
    long c3 = publish(2, "a", "a2", null, "b", "b1", "b2");
    long c4 = publish(3, "a", null, "a3", "marts.c", "c1", null);

    assertThat(environments().at(c1).versions()).isEqualTo(pointers("a", "a1", "b", "b1"));
    assertThat(environments().at(c2).versions())
        .isEqualTo(pointers("a", "a2", "b", "b1", "marts.c", "c1"));
    assertThat(environments().at(c3).versions()).isEqualTo(pointers("b", "b2", "marts.c", "c1"));
    assertThat(environments().at(c4)).isEqualTo(environments().head("main"));
    assertThatThrownBy(() -> environments().at(c4 + 1))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("there is no commit " + (c4 + 1));
  }

  @Test
  void commitsAreFoundByTime() {
    publish(10, "a", null, "a1");
    long second = publish(20, "a", "a1", "a2");
    assertThat(environments().commitAt("main", minute(9))).isEmpty();
    assertThat(environments().commitAt("main", minute(20)).map(Commit::id)).contains(second);
    assertThat(environments().commitAt("main", minute(20).minusNanos(1_000)).map(Commit::id))
        .contains(second - 1);
    assertThat(environments().findCommit(second).map(Commit::environment)).contains("main");
    assertThat(environments().findCommit(99)).isEmpty();
  }

  @Test
  void whatMovedSinceACommitIsKnown() {
    long first = publish(1, "a", null, "a1");
    publish(2, "a", "a1", "a2", "b", null, "b1");
    publish(4, "a", "a2", "a1");
    environments().create("dev", Optional.of(environments().head("main")), T0);
    environments().publish(publication("dev", minute(9), "b", "b1", null));

    assertThat(environments().moves("main", first, ""))
        .containsExactlyInAnyOrder(
            new Move(A, minute(2), minute(4)), new Move(B, minute(2), minute(2)));
    assertThat(environments().moves("main", 0, "")).contains(new Move(A, minute(1), minute(4)));
    assertThat(environments().moves("main", 0, "ada")).isEmpty();
    assertThat(environments().moves("main", environments().head("main").commit(), "")).isEmpty();
    assertThat(environments().moves("nowhere", 0, "")).isEmpty();
  }

  @Test
  void anEnvironmentCanStartWhereAnotherIsOrWas() {
    publish(0, "a", null, "a1", "b", null, "b1");
    Snapshot then = environments().head("main");
    publish(1, "a", "a1", "a2");

    Environment dev = environments().create("dev", Optional.of(then), minute(2));
    assertThat(dev.forkedFrom()).contains(then.commit());
    assertThat(environments().find("dev")).contains(dev);
    assertThat(environments().head("dev").versions()).isEqualTo(then.versions());
    assertThat(environments().at(dev.head()).versions()).isEqualTo(then.versions());

    environments().publish(publication("dev", minute(3), "a", "a1", "a3"));
    assertThat(environments().head("dev").versions()).isEqualTo(pointers("a", "a3", "b", "b1"));
    assertThat(environments().head("main").versions()).isEqualTo(pointers("a", "a2", "b", "b1"));
    assertThat(environments().at(dev.head()).versions()).isEqualTo(then.versions());
    assertThat(environments().list()).extracting(Environment::name).containsExactly("dev", "main");
  }

  @Test
  void anEnvironmentCanStartEmpty() {
    Environment empty = environments().create("empty", Optional.empty(), T0);
    assertThat(empty).isEqualTo(new Environment("empty", 0, Optional.empty(), T0));
    Environment fork = environments().create("fork", Optional.of(environments().head("main")), T0);
    assertThat(fork.head()).isZero();
  }

  @Test
  void aPublicationCanMakeItAForkOfAnotherCommit() {
    long commit = publish(0, "a", null, "a1");
    environments().create("dev", Optional.empty(), T0);
    Publication promotion =
        new Publication(
            "dev",
            "ada",
            "",
            Optional.empty(),
            T0,
            new TreeMap<>(),
            new TreeMap<>(),
            Optional.of(commit));
    environments().publish(promotion);
    assertThat(environments().find("dev").flatMap(Environment::forkedFrom)).contains(commit);
    environments().publish(publication("dev", T0, "a", null, "a1"));
    assertThat(environments().find("dev").flatMap(Environment::forkedFrom)).contains(commit);
  }

  @Test
  void aNameIsTakenOnce() {
    environments().create("dev", Optional.empty(), T0);
    assertThatThrownBy(() -> environments().create("dev", Optional.empty(), T0))
        .isInstanceOf(HeadraceException.class)
        .hasMessage("Cannot create environment 'dev': there is one of that name");
    Snapshot unknown = new Snapshot("main", 7, new TreeMap<>());
    assertThatThrownBy(() -> environments().create("other", Optional.of(unknown), T0))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("there is no commit 7");
    assertThat(environments().find("other")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Dev", "1st", "a b", "ä", "-x", "a/b", "a\n"})
  void namesAreTidy(String name) {
    assertThatThrownBy(() -> environments().create(name, Optional.empty(), T0))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("that is not a name for one");
  }

  @Test
  void aDeletedEnvironmentIsGoneWithItsHistory() {
    publish(0, "a", null, "a1");
    environments().create("dev", Optional.of(environments().head("main")), T0);
    long commit = environments().publish(publication("dev", T0, "a", "a1", "a2"));
    environments().delete("dev");

    assertThat(environments().find("dev")).isEmpty();
    assertThat(environments().findCommit(commit)).isEmpty();
    assertThat(environments().changes(commit)).isEmpty();
    environments().create("dev", Optional.empty(), T0);
    assertThat(environments().head("dev").versions()).isEmpty();
    // Numbers of commits are never used again.
    assertThat(publish(1, "a", "a1", "a2")).isGreaterThan(commit);
  }

  @Test
  void pinsAreKeptUntilTheyAreTakenAway() {
    environments().pin("a1", T0);
    environments().pin("a1", minute(1));
    environments().pin("b1", T0);
    assertThat(reopen().environments().pins()).containsExactly("a1", "b1");
    assertThat(environments().unpin("a1")).isTrue();
    assertThat(environments().unpin("a1")).isFalse();
    assertThat(environments().pins()).containsExactly("b1");
    assertThatThrownBy(() -> environments().pin("lost", T0))
        .isInstanceOf(HeadraceException.class)
        .hasMessage("Cannot pin version 'lost': it is not there");
  }
}

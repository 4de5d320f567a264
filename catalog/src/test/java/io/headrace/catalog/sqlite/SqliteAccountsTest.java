package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.access.Accounts;
import io.headrace.access.AuditLog.Entry;
import io.headrace.access.Person;
import io.headrace.access.Role;
import io.headrace.access.Sessions.Session;
import io.headrace.access.Tokens.Owner;
import io.headrace.access.Tokens.Token;
import io.headrace.access.Users.User;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteAccountsTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path temporary;
  private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // before each test
  private Accounts accounts;

  @BeforeEach
  void open() {
    folder = temporary.resolve("server/access");
    accounts = SqliteAccounts.open(folder);
  }

  @AfterEach
  void close() {
    accounts.close();
  }

  private static Session session(String digest, String who) {
    return new Session(digest, who, List.of("a", "b c"), T0, T0);
  }

  @Test
  void allFilesAreForTheirOwnerOnly() throws IOException {
    accounts.users().add(new User("ada", "hash", T0, T0));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files)
          .hasSizeGreaterThan(1)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void whatOthersCanReadOrChangeIsNotOpened() throws IOException {
    Path file = folder.resolve("access.db");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> SqliteAccounts.open(folder))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("others can read it");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> SqliteAccounts.open(folder)).hasMessageContaining("others can write");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Files.write(file, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThatThrownBy(() -> SqliteAccounts.open(folder)).hasMessageContaining("accounts '");
  }

  @Test
  void whatIsNotThereIsNotMadeByWhoOnlyLooks() {
    Path other = temporary.resolve("other");
    assertThatThrownBy(() -> SqliteAccounts.openExisting(other))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("There are no accounts in");
    assertThat(other).doesNotExist();
    SqliteAccounts.openExisting(folder).close();
  }

  @Test
  void usersAreKept() {
    accounts.users().add(new User("ada", "one", T0, T0));
    assertThatThrownBy(() -> accounts.users().add(new User("ada", "two", T0, T0)))
        .isInstanceOf(ConflictException.class);
    accounts.sessions().begin(session("s1", "ada"));
    accounts.sessions().begin(session("s2", "eve"));
    accounts.users().rehash("ada", "other", "never");
    assertThat(accounts.users().find("ada").orElseThrow().hash()).isEqualTo("one");
    accounts.users().rehash("ada", "one", "better");
    assertThat(accounts.sessions().find("s1")).isPresent();
    assertThat(accounts.users().changePassword("ada", "three", T0.plusSeconds(1))).isTrue();
    assertThat(accounts.users().changePassword("nobody", "three", T0)).isFalse();
    assertThat(accounts.users().list())
        .containsExactly(new User("ada", "three", T0, T0.plusSeconds(1)));
    assertThat(accounts.sessions().find("s1")).isEmpty();
    assertThat(accounts.sessions().find("s2")).isPresent();
    assertThat(accounts.users().remove("ada")).isTrue();
    assertThat(accounts.users().remove("ada")).isFalse();
    assertThat(accounts.users().find("ada")).isEmpty();
  }

  @Test
  void tokensAreFoundByTheirDigestsUntilTheyAreRevoked() {
    Token token = new Token("ci", "d1", T0, Optional.of(T0.plusSeconds(9)), Optional.empty());
    accounts.tokens().add(token);
    assertThatThrownBy(
            () ->
                accounts
                    .tokens()
                    .add(new Token("ci", "d2", T0, Optional.empty(), Optional.empty())))
        .isInstanceOf(ConflictException.class);
    assertThat(accounts.tokens().find("d1")).contains(token);
    assertThat(token.isGood(T0.plusSeconds(8))).isTrue();
    assertThat(token.isGood(T0.plusSeconds(9))).isFalse();
    accounts.tokens().used("d1", T0.plusSeconds(1));
    assertThat(accounts.tokens().list().get(0).usedAt()).contains(T0.plusSeconds(1));
    assertThat(accounts.tokens().revoke("ci")).isTrue();
    assertThat(accounts.tokens().revoke("ci")).isFalse();
    assertThat(accounts.tokens().find("d1")).isEmpty();
  }

  @Test
  void tokensOfSomebodyGoWithHim() {
    accounts.users().add(new User("ada", "one", T0, T0));
    Token laptop = owned("ada", "laptop", "d1");
    accounts.tokens().add(laptop);
    accounts.tokens().add(owned("oidc:eve", "laptop", "d2"));
    accounts.tokens().add(new Token("ada", "d3", T0, Optional.empty(), Optional.empty()));
    assertThat(accounts.tokens().of("ada")).containsExactly(laptop);
    assertThat(accounts.tokens().find("d1")).contains(laptop);
    accounts.tokens().regroup(new Person("oidc:eve", List.of("analysts", "all")));
    assertThat(accounts.tokens().of("oidc:eve").get(0).owner().orElseThrow().person().groups())
        .containsExactly("analysts", "all");
    assertThat(accounts.users().remove("ada")).isTrue();
    assertThat(accounts.tokens().of("ada")).isEmpty();
    assertThatThrownBy(() -> accounts.tokens().add(laptop))
        .isInstanceOf(ConflictException.class)
        .hasMessage("There is no user 'ada'");
    assertThat(accounts.tokens().revokeAll("oidc:eve")).isEqualTo(1);
    assertThat(accounts.tokens().list()).hasSize(1);
  }

  private static Token owned(String owner, String name, String digest) {
    Owner whose = new Owner(new Person(owner, List.of()), Role.EDITOR);
    return new Token(
        whose.token(name), digest, T0, Optional.empty(), Optional.empty(), Optional.of(whose));
  }

  @Test
  void sessionsEndAndAreForgotten() {
    accounts.sessions().begin(session("s1", "ada"));
    assertThat(accounts.sessions().find("s1")).contains(session("s1", "ada"));
    accounts.sessions().used("s1", T0.plusSeconds(5));
    accounts.sessions().begin(session("s2", "ada"));
    accounts.sessions().forget(T0, T0.plusSeconds(1));
    assertThat(accounts.sessions().find("s2")).isEmpty();
    assertThat(accounts.sessions().find("s1").orElseThrow().usedAt()).isEqualTo(T0.plusSeconds(5));
    accounts.sessions().end("s1");
    assertThat(accounts.sessions().find("s1")).isEmpty();
  }

  @Test
  void whoWasRemovedOrHasAnotherPasswordBeginsNoSession() {
    User ada = new User("ada", "one", T0, T0);
    accounts.users().add(ada);
    accounts.users().rehash("ada", "one", "better");
    assertThat(accounts.sessions().begin(session("s1", "ada"), ada)).isTrue();
    assertThat(accounts.sessions().find("s1")).contains(session("s1", "ada"));
    assertThat(accounts.users().changePassword("ada", "two", T0.plusSeconds(1))).isTrue();
    assertThat(accounts.sessions().begin(session("s2", "ada"), ada)).isFalse();
    assertThat(accounts.users().remove("ada")).isTrue();
    assertThat(accounts.sessions().begin(session("s3", "ada"), ada)).isFalse();
    assertThat(accounts.sessions().find("s1")).isEmpty();
    assertThat(accounts.sessions().find("s2")).isEmpty();
    assertThat(accounts.sessions().find("s3")).isEmpty();
  }

  @Test
  void allSessionsOfSomebodyEnd() {
    accounts.sessions().begin(session("s1", "oidc:ada"));
    accounts.sessions().begin(session("s2", "oidc:ada"));
    accounts.sessions().begin(session("s3", "oidc:eve"));
    assertThat(accounts.sessions().endAll("oidc:ada")).isEqualTo(2);
    assertThat(accounts.sessions().endAll("oidc:ada")).isZero();
    assertThat(accounts.sessions().find("s2")).isEmpty();
    assertThat(accounts.sessions().find("s3")).isPresent();
  }

  @Test
  void theLogKnowsWhatBeganAndWhatBecameOfIt() {
    Entry entry = new Entry(T0, "ada", "127.0.0.1", "POST /x", "shop", "main", "a", "");
    long number = accounts.audit().add(entry);
    assertThat(accounts.audit().list(1).get(0).concluded()).isEmpty();
    accounts.audit().conclude(number, "ok");
    long unused =
        accounts
            .audit()
            .add(
                new Entry(
                    T0.plusSeconds(1),
                    "w".repeat(900),
                    "a".repeat(900),
                    "l".repeat(900),
                    "p".repeat(900),
                    "e".repeat(900),
                    "x".repeat(900),
                    "no"));
    assertThat(accounts.audit().list(9)).extracting(Entry::outcome).containsExactly("no", "ok");
    Entry last = accounts.audit().list(1).get(0);
    assertThat(List.of(last.who(), last.address(), last.action(), last.project()))
        .allSatisfy(text -> assertThat(text).hasSize(Entry.LONGEST));
    assertThat(last.environment()).hasSize(Entry.LONGEST);
    assertThat(last.subject()).hasSize(Entry.LONGEST);
    accounts.audit().forget(T0.plusSeconds(1));
    assertThat(accounts.audit().list(9)).hasSize(1);
    accounts.close();
    accounts = SqliteAccounts.open(folder);
    assertThat(accounts.audit().list(9)).hasSize(1);
  }
}

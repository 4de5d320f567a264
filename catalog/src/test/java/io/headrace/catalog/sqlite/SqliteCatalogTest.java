package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.CatalogContract.T0;
import static io.headrace.catalog.sqlite.CatalogContract.TTL;
import static io.headrace.catalog.sqlite.CatalogContract.publication;
import static io.headrace.catalog.sqlite.CatalogContract.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Publication;
import io.headrace.catalog.sqlite.Database.CommitStep;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.error.OutcomeUnknownException;
import io.headrace.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What is special about SQLite: files, versions of them, and commits that fail. */
class SqliteCatalogTest {
  private static final Publication TO_A1 = publication("main", T0, "a", null, "a1");

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void aVersionToPublish() {
    file = folder.resolve("state/deeper/catalog.db");
    try (Catalog catalog = SqliteCatalog.open(file)) {
      catalog.leases().tryAcquire("a1", "me", T0, TTL);
      catalog.versions().record("a1", version("a1", CatalogContract.A, T0, "r"), "me");
    }
  }

  @Test
  void aCatalogOfANewerProgramIsRefused() throws SQLException {
    execute("PRAGMA user_version = 99");
    assertThatThrownBy(() -> SqliteCatalog.open(file))
        .isInstanceOf(HeadraceException.class)
        .hasMessage(
            "Cannot open catalog '%s': it is of version 99 and this program knows %d"
                .formatted(file, Migrations.LATEST))
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Use the newer version of Headrace that made it");
  }

  @Test
  void aFileThatIsNoCatalogIsRefused() throws IOException {
    Path other = Files.write(folder.resolve("other.db"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThatThrownBy(() -> SqliteCatalog.open(other))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("catalog '%s'".formatted(other))
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Run `headrace doctor`");
  }

  @Test
  void aCatalogThatCannotBeMadeIsAnError() throws IOException {
    Path notAFolder = Files.write(folder.resolve("taken"), new byte[0]);
    assertThatThrownBy(() -> SqliteCatalog.open(notAFolder.resolve("x/catalog.db")))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("Cannot make the folder of catalog");
  }

  @Test
  void aClosedCatalogIsNotUsed() {
    Catalog catalog = SqliteCatalog.open(file);
    catalog.close();
    catalog.close();
    assertThatThrownBy(() -> catalog.environments().list())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> catalog.environments().publish(TO_A1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCommitThatHappenedAlthoughItSeemedToFailIsFound() {
    CommitStep step =
        failing(
            1,
            sql -> {
              sql.execute("COMMIT");
              throw ioError();
            });
    try (Catalog catalog = SqliteCatalog.open(file, step)) {
      long commit = catalog.environments().publish(TO_A1);
      assertThat(catalog.environments().log("main", 10)).hasSize(1);
      assertThat(catalog.environments().head("main").commit()).isEqualTo(commit);
    }
  }

  @Test
  void aCommitThatFailedOnceIsMadeAfterAll() {
    CommitStep step =
        failing(
            1,
            sql -> {
              throw ioError();
            });
    try (Catalog catalog = SqliteCatalog.open(file, step)) {
      assertThat(catalog.environments().publish(TO_A1)).isPositive();
      assertThat(catalog.environments().log("main", 10)).hasSize(1);
    }
  }

  @Test
  void aCommitThatFailedIsAConflictIfAnotherCameInBetween() {
    CommitStep step =
        failing(
            1,
            sql -> {
              sql.execute("ROLLBACK");
              try (Catalog other = SqliteCatalog.open(file)) {
                other.environments().publish(TO_A1);
              }
              throw ioError();
            });
    try (Catalog catalog = SqliteCatalog.open(file, step)) {
      assertThatThrownBy(() -> catalog.environments().publish(TO_A1))
          .isInstanceOf(ConflictException.class);
      assertThat(catalog.environments().log("main", 10)).hasSize(1);
    }
  }

  @Test
  void aCommitOfUnknownOutcomeIsCalledThat() {
    CommitStep step =
        failing(
            2,
            sql -> {
              throw ioError();
            });
    try (Catalog catalog = SqliteCatalog.open(file, step)) {
      assertThatThrownBy(() -> catalog.environments().publish(TO_A1))
          .isInstanceOf(OutcomeUnknownException.class)
          .hasMessageContaining("publish to environment 'main': it may or may not have happened");
      // The catalog goes on working.
      assertThat(catalog.environments().publish(TO_A1)).isPositive();
    }
  }

  @Test
  void aFailedSyncIsNotTriedAgain() {
    CommitStep step =
        failing(
            1,
            sql -> {
              throw new SQLiteException("fsync", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            });
    try (Catalog catalog = SqliteCatalog.open(file, step)) {
      assertThatThrownBy(() -> catalog.environments().publish(TO_A1))
          .isInstanceOf(OutcomeUnknownException.class);
      assertThat(catalog.environments().log("main", 10)).isEmpty();
    }
  }

  @Test
  void aFullDiskIsNotUnknown() {
    CommitStep step =
        failing(
            1,
            sql -> {
              throw new SQLException("full", null, SQLiteErrorCode.SQLITE_FULL.code);
            });
    try (Catalog catalog = SqliteCatalog.open(file, step)) {
      assertThatThrownBy(() -> catalog.environments().publish(TO_A1))
          .isExactlyInstanceOf(UnavailableException.class)
          .extracting(e -> ((HeadraceException) e).hint())
          .isEqualTo("Free some space on the disk and run again");
      assertThat(catalog.environments().log("main", 10)).isEmpty();
    }
  }

  @Test
  void aRefusalLeavesNoTransactionBehind() {
    try (Catalog catalog = SqliteCatalog.open(file);
        Catalog other = SqliteCatalog.open(file)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () -> catalog.environments().publish(publication("main", T0, "a", "x", "a1")))
            .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> catalog.environments().head("none"))
            .isInstanceOf(HeadraceException.class);
      }
      // Would wait half a minute for a write lock that was not let go of.
      assertThat(other.environments().publish(TO_A1)).isPositive();
      assertThat(catalog.environments().head("main").version(CatalogContract.A)).contains("a1");
    }
  }

  /** A commit step that does {@code failure} the first {@code times}, and then what is right. */
  private static CommitStep failing(int times, CommitStep failure) {
    AtomicInteger left = new AtomicInteger(times);
    return sql -> (left.getAndDecrement() > 0 ? failure : CommitStep.DEFAULT).commit(sql);
  }

  private static SQLException ioError() {
    return new SQLException("disk I/O error", null, SQLiteErrorCode.SQLITE_IOERR.code);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

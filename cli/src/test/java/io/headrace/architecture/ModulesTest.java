package io.headrace.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point at the core and never from it; engines and databases do not know each other.
 */
class ModulesTest {
  private static final String ENGINE = "io.headrace.engine.duckdb..";
  private static final String PROCESS = "io.headrace.engine.process..";
  private static final String SQLITE = "io.headrace.catalog.sqlite..";
  private static final String ICEBERG = "io.headrace.iceberg..";
  private static final String CLI = "io.headrace.cli..";
  private static final String KAFKA = "io.headrace.connector.kafka..";
  private static final String APIS = "io.headrace.connector.http..";
  private static final String DATABASES = "io.headrace.connector.jdbc..";
  private static final String BROKER = "io.headrace.broker..";
  private static final String SERVER = "io.headrace.server..";

  private static final String FILES = "io.headrace.connector.files..";

  private static final String[] CONNECTORS = {KAFKA, APIS, DATABASES, FILES};

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.headrace");

  @Test
  void theCoreKnowsNoImplementation() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ENGINE, PROCESS, SQLITE, ICEBERG, KAFKA, APIS, DATABASES, FILES, CLI, BROKER, SERVER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ENGINE,
            PROCESS,
            SQLITE,
            ICEBERG,
            KAFKA,
            APIS,
            DATABASES,
            FILES,
            CLI,
            SERVER,
            "io.javalin..",
            "org.duckdb..",
            "org.apache..",
            "org.sqlite..",
            "org.flywaydb..",
            "com.fasterxml..",
            "picocli..",
            "java.sql..")
        .check(ALL);
  }

  @Test
  void aConnectorKnowsOnlyTheCore() {
    noClasses()
        .that()
        .resideInAnyPackage(KAFKA, APIS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ENGINE, SQLITE, ICEBERG, CLI, BROKER, SERVER, DATABASES, "java.sql..")
        .check(ALL);
  }

  @Test
  void theBrokerStandsAlone() {
    noClasses()
        .that()
        .resideInAPackage(BROKER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.headrace.error..", KAFKA, ENGINE, SQLITE, ICEBERG, CLI, DATABASES)
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackages(BROKER, CLI)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(BROKER)
        .check(ALL);
  }

  @Test
  void theServerKnowsNoImplementation() {
    noClasses()
        .that()
        .resideInAPackage(SERVER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ENGINE, SQLITE, ICEBERG, KAFKA, APIS, DATABASES, FILES, CLI, BROKER, "org.apache..")
        .check(ALL);
  }

  @Test
  void theEngineKnowsNoCatalog() {
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE, PROCESS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SQLITE, ICEBERG, CLI, "io.headrace.catalog", "io.headrace.run..")
        .check(ALL);
  }

  @Test
  void aConnectorKnowsOnlyWhatAConnectorIs() {
    noClasses()
        .that()
        .resideInAnyPackage(CONNECTORS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ENGINE,
            SQLITE,
            ICEBERG,
            CLI,
            "io.headrace.catalog..",
            "io.headrace.project..",
            "io.headrace.graph..",
            "io.headrace.plan..",
            "io.headrace.run..",
            "io.headrace.workspace..")
        .check(ALL);
  }

  @Test
  void tablesAndTheDatabaseDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(ICEBERG)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SQLITE, ENGINE, CLI, "java.sql..")
        .check(ALL);
    noClasses()
        .that()
        .resideInAPackage(SQLITE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ICEBERG, ENGINE, CLI, "org.apache..")
        .check(ALL);
  }

  @Test
  void nothingNeedsHadoop() {
    noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.hadoop..").check(ALL);
  }
}

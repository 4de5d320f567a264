package io.headrace.server;

import io.headrace.catalog.Environments;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.server.access.Doorway;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A project of which much is kept from somebody: schemas, environments, rows and values. */
record HiddenShop(AccessSite site, String run, String broken) implements AutoCloseable {
  private static final String RULES =
      """
      grants:
        - {who: "*", role: viewer, projects: [shop], environments: [main], schemas: [marts]}
        - {who: [token:masked, token:admin], role: viewer, projects: [shop]}
        - {who: token:admin, role: admin}
        - {who: token:builder, role: operator, environments: [main], schemas: [marts]}
        - {who: token:forker, role: editor, environments: ["dev*"]}
      filters:
        - table: [marts.orders, marts.kept]
          rows: region <> 'hiddenregion'
          except: token:marts
      masks:
        - {table: ["marts.o*", marts.kept], column: email, except: "token:marts"}
        - {table: ["marts.o*", marts.kept], column: Card, as: "right(card::VARCHAR, 2)", except: "token:marts"}
      """;

  static HiddenShop open(Path folder) {
    TestProject project =
        new TestProject(folder.resolve("shop"))
            .write(
                "headrace.yaml",
                """
                schedules:
                  nightly: {every: 1h, select: [payroll.salaries, marts.totals]}
                  paywindow: {every: 1h, environment: vault}
                  watching: {on: {tables: [payroll.salaries]}, environment: main}
                """)
            .write("tables/payroll/salaries.csv", "hiddencolumn,amount\nhiddensalary,77123\n")
            .write(
                "tables/marts/orders.csv",
                """
                id,region,email,card,amount
                1,north,seen@example.com,4111222233334444,10
                2,hiddenregion,hidden@example.com,4111222233334444,99887
                3,south,seen@example.com,4111222233334444,30
                """)
            .table(
                "marts/totals", "SELECT region, sum(amount) AS total FROM marts.orders GROUP BY 1")
            .table(
                "marts/kept",
                """
                /*---
                reject: [amount < 50]
                checks: [{condition: amount < 5, severity: warn}]
                ---*/ SELECT * FROM marts.orders""")
            .table(
                "marts/mixed",
                "SELECT count(*) AS n FROM payroll.salaries -- of payroll.salaries, hiddensalary");
    AccessSite site =
        new AccessSite(
            project,
            folder.resolve("access"),
            new MovableClock(),
            RULES,
            Doorway.LOOPBACK,
            route -> route);
    Environments environments = site.serving().workspace().catalog().environments();
    String run = run(site, "main").id();
    environments.create("vault", Optional.of(environments.head("main")), site.now());
    project.table("marts/broken", "SELECT CAST(hiddencolumn AS INT) AS n FROM payroll.salaries");
    String broken = run(site, "main").id();
    project.delete("tables/marts/broken.sql");
    OngoingRun unused = run(site, "vault");
    return new HiddenShop(site, run, broken);
  }

  private static OngoingRun run(AccessSite site, String environment) {
    Order all = Order.of("ada");
    return site.serving()
        .project()
        .run(
            new Order(
                environment,
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>(),
                PublishMode.READY,
                all.author(),
                "",
                "",
                Optional.empty()),
            Cancellation.never());
  }

  @Override
  public void close() {
    site.close();
  }
}

package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.engine.CancelledException;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.table.TableName;
import io.headrace.verify.Verification;
import io.headrace.verify.Verification.Different;
import io.headrace.verify.Verification.Failed;
import io.headrace.verify.Verification.NotComparable;
import io.headrace.verify.Verification.Result;
import io.headrace.verify.Verification.Same;
import io.headrace.verify.Verifier;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace verify}: compute published tables afresh, and compare. */
@Command(
    name = "verify",
    description =
        "Compute the published tables afresh from what they were made from, and compare the rows.",
    sortOptions = false)
final class VerifyCommand extends LongCommand {
  private static final String INDENT = " ".repeat(18);

  @Parameters(arity = "0..*", paramLabel = "TABLE", description = "Only these tables")
  private List<String> selectors = new ArrayList<>();

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  VerifyCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    workspace.startEngine();
    Graph graph = workspace.buildGraph(workspace.readProject(), Map.of());
    Snapshot snapshot =
        new Snapshots(workspace.catalog().environments(), console().zone()).head(environment);
    Verifier verifier = new Verifier(workspace, graph, snapshot);
    List<TableName> selected = selected(graph, verifier);
    List<Verification> verified = new ArrayList<>();
    try {
      for (TableName table : selected) {
        Verification verification = verifier.verify(table, cancel());
        verified.add(verification);
        if (!json) {
          print(verification);
        }
      }
    } catch (CancelledException e) {
      console()
          .err()
          .println(
              "Cancelled: %d of %s verified, and nothing was changed"
                  .formatted(verified.size(), Texts.count(selected.size(), "table")));
      return 130;
    }
    if (json) {
      console().out().println(Json.write(verified.stream().map(VerifyCommand::object).toList()));
    } else {
      summarize(verified);
    }
    return verified.stream().allMatch(Verification::isGood) ? 0 : 1;
  }

  private List<TableName> selected(Graph graph, Verifier verifier) {
    if (selectors.isEmpty()) {
      return verifier.tables();
    }
    Set<TableName> named = Selection.of(graph, selectors);
    return verifier.tables().stream().filter(named::contains).toList();
  }

  private void print(Verification verification) {
    Result result = verification.result();
    if (result instanceof Same same) {
      line(verification, measures(same.rowCount(), verification));
    } else if (result instanceof Different different) {
      line(verification, measures(different.rowCount(), verification));
      indented(
          "%s only in the stored version (-), %s only in the rebuild (+)"
              .formatted(
                  Texts.count(different.counts().left(), "row"),
                  Texts.count(different.counts().right(), "row")));
      different.columns().forEach(change -> indented("column " + change));
      if (!different.first().values().isEmpty()) {
        console().out().print(RowsText.of(different.first(), Integer.MAX_VALUE, INDENT));
      }
      if (different.first().truncated()) {
        indented("and more");
      }
    } else if (result instanceof Failed failed) {
      line(verification, "");
      indented(failed.message());
      if (!failed.hint().isEmpty()) {
        indented("hint: " + failed.hint());
      }
    } else {
      line(verification, ((NotComparable) result).reason());
    }
    console().out().flush();
  }

  private void line(Verification verification, String text) {
    console()
        .out()
        .println(
            String.format(
                    Locale.ROOT,
                    "  %-14s  %-28s  %s",
                    word(verification.result()),
                    verification.table(),
                    text)
                .stripTrailing());
  }

  private void indented(String text) {
    console().out().println(INDENT + text);
  }

  private static String measures(long rowCount, Verification verification) {
    return String.format(
        Locale.ROOT,
        "%14s  %8s",
        Texts.count(rowCount, "row"),
        Texts.duration(verification.duration()));
  }

  private static String word(Result result) {
    if (result instanceof NotComparable) {
      return "not comparable";
    }
    return result instanceof Same ? "same" : result instanceof Different ? "different" : "failed";
  }

  private void summarize(List<Verification> verified) {
    List<TableName> different = tables(verified, "different");
    int failed = tables(verified, "failed").size();
    console()
        .out()
        .println(
            "%s: %d same, %d different, %d not comparable%s"
                .formatted(
                    Texts.count(verified.size(), "table"),
                    tables(verified, "same").size(),
                    different.size(),
                    tables(verified, "not comparable").size(),
                    failed == 0 ? "" : ", %d failed".formatted(failed)));
    if (!different.isEmpty()) {
      console().err().println();
      console()
          .err()
          .println(
              "hint: Does the query give other rows each time, as LIMIT without ORDER BY does?"
                  + " If not, the stored rows were changed: build them again with"
                  + " `headrace run %s--refresh %s`"
                      .formatted(
                          environment.equals(Environment.MAIN) ? "" : "--env " + environment + " ",
                          different.get(0)));
    }
  }

  /** The tables of which that was found. */
  private static List<TableName> tables(List<Verification> verified, String word) {
    return verified.stream()
        .filter(verification -> word(verification.result()).equals(word))
        .map(Verification::table)
        .toList();
  }

  private static Map<String, @Nullable Object> object(Verification verification) {
    Result result = verification.result();
    Map<String, @Nullable Object> object =
        Json.object(
            "table",
            verification.table(),
            "outcome",
            word(result).replace(' ', '_'),
            "version",
            verification.version(),
            "rows",
            null,
            "only_stored",
            null,
            "only_rebuilt",
            null,
            "columns",
            List.of(),
            "differences",
            List.of(),
            "message",
            "",
            "hint",
            "",
            "seconds",
            verification.duration().toMillis() / 1000.0);
    if (result instanceof Same same) {
      object.put("rows", same.rowCount());
      object.put("only_stored", 0);
      object.put("only_rebuilt", 0);
    } else if (result instanceof Different different) {
      object.put("rows", different.rowCount());
      object.put("only_stored", different.counts().left());
      object.put("only_rebuilt", different.counts().right());
      object.put("columns", different.columns());
      object.put("differences", RowsJson.of(different.first()));
    } else if (result instanceof NotComparable not) {
      object.put("message", not.reason());
    } else if (result instanceof Failed failed) {
      object.put("message", failed.message());
      object.put("hint", failed.hint());
    }
    return object;
  }
}

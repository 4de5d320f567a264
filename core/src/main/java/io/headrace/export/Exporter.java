package io.headrace.export;

import io.headrace.catalog.Version;
import io.headrace.connector.Delivery;
import io.headrace.connector.Delivery.Change;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.project.Export;
import io.headrace.sql.SqlNames;
import io.headrace.table.TableData;
import io.headrace.workspace.Scratch;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Brings versions to where exports want them. Safe for many threads and processes: of several that
 * deliver to one place, the newest commit wins.
 */
public final class Exporter {
  /** Others that came first in a row, before giving up. */
  private static final int MOST_ATTEMPTS = 20;

  private final Workspace workspace;
  private final DeliveryNotes notes;

  public Exporter(Workspace workspace) {
    this.workspace = workspace;
    this.notes = new DeliveryNotes(workspace.stateFolder().resolve("cache").resolve("exports"));
  }

  /**
   * Delivers what its environment points at, unless that is there.
   *
   * @throws CancelledException if {@code cancel} was requested
   */
  public ExportOutcome deliver(Export export, Cancellation cancel) {
    return outcome(export, cancel, false);
  }

  /** Says what {@link #deliver} would do. */
  public ExportOutcome look(Export export) {
    return outcome(export, Cancellation.never(), true);
  }

  /**
   * Whether there is something to deliver, unless it was found delivered before. Asks nobody
   * outside; a file is asked by {@link #deliver}, which costs no more than a note would.
   */
  public boolean mayBeDue(Export export) {
    return version(export)
        .filter(version -> isFile(export) || !notes.has(export, version.id()))
        .isPresent();
  }

  private static boolean isFile(Export export) {
    return export.destination() instanceof Export.File;
  }

  private ExportOutcome outcome(Export export, Cancellation cancel, boolean dryRun) {
    Instant start = workspace.clock().instant();
    try (Place place = open(export)) {
      Optional<Delivered> delivered = Optional.empty();
      for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        cancel.throwIfRequested();
        // In this order: what others deliver meanwhile is no newer than what is looked up then.
        Optional<String> held = place.version();
        Version version = version(export).orElseThrow(() -> notPublished(export));
        if (place.isWhole() && held.equals(Optional.of(version.id()))) {
          notes.put(export, version.id());
          return done(export, delivered, version, start);
        }
        if (dryRun) {
          return new ExportOutcome(
              export,
              ExportOutcome.Kind.PENDING,
              Optional.of(version.id()),
              version.rowCount(),
              since(start),
              "",
              "");
        }
        // Then it is asked again: a file may have been written by others at the same time.
        Optional<Delivered> earlier = delivered;
        delivered = place.deliver(version, held, cancel).or(() -> earlier);
      }
      throw new ConflictException(
          "Cannot deliver '%s': others deliver to '%s' all the time"
              .formatted(export.name(), export.destination()),
          "Do two projects export to it? Else try again");
    } catch (CancelledException e) {
      throw e;
    } catch (HeadraceException e) {
      Optional<String> version = version(export).map(Version::id);
      return new ExportOutcome(
          export,
          ExportOutcome.Kind.FAILED,
          version,
          0,
          since(start),
          String.valueOf(e.getMessage()),
          e.hint());
    }
  }

  private ExportOutcome done(
      Export export, Optional<Delivered> delivered, Version version, Instant start) {
    return new ExportOutcome(
        export,
        delivered.isPresent() ? ExportOutcome.Kind.DELIVERED : ExportOutcome.Kind.CURRENT,
        Optional.of(version.id()),
        delivered.map(Delivered::rows).orElse(0L),
        since(start),
        delivered.map(Delivered::words).orElse(""),
        "");
  }

  private Duration since(Instant start) {
    return Duration.between(start, workspace.clock().instant());
  }

  private Optional<Version> version(Export export) {
    return workspace
        .catalog()
        .environments()
        .find(export.environment())
        .map(environment -> workspace.catalog().environments().head(environment.name()))
        .flatMap(head -> head.version(export.table()))
        .flatMap(workspace.catalog().versions()::find);
  }

  private static HeadraceException notPublished(Export export) {
    return new HeadraceException(
        "There is no table '%s' in environment '%s'"
            .formatted(export.table(), export.environment()),
        "Publish it first: `headrace run --env %s`".formatted(export.environment()));
  }

  /** Where an export delivers to. */
  private interface Place extends AutoCloseable {
    Optional<String> version();

    /** Whether it holds no rows of other versions besides. */
    boolean isWhole();

    /**
     * Empty if something else than {@code held} is there by now. May deliver another version
     * instead, which was begun.
     */
    Optional<Delivered> deliver(Version version, Optional<String> held, Cancellation cancel);

    @Override
    void close();
  }

  private record Delivered(long rows, String words) {}

  private Place open(Export export) {
    return export.destination() instanceof Export.File file
        ? new FilePlace(
            export,
            file,
            new FileTarget(workspace.home().resolve(file.path()), workspace.fileIdentifier()))
        : new OutsidePlace(
            export, workspace.connectors().open((Export.External) export.destination()));
  }

  private final class FilePlace implements Place {
    private final Export export;
    private final Export.File file;
    private final FileTarget target;

    FilePlace(Export export, Export.File file, FileTarget target) {
      this.export = export;
      this.file = file;
      this.target = target;
    }

    @Override
    public Optional<String> version() {
      return target.version();
    }

    @Override
    public boolean isWhole() {
      return true;
    }

    @Override
    public Optional<Delivered> deliver(
        Version version, Optional<String> held, Cancellation cancel) {
      try (Session session = workspace.engine().open(workspace.root())) {
        session.bind(export.table(), workspace.tables().load(version.metadataLocation()));
        Query rows = new Query.Select("FROM " + SqlNames.quote(export.table()));
        target.deliver(session, rows, file.format(), version.id(), cancel);
        return Optional.of(new Delivered(version.rowCount(), "all rows"));
      }
    }

    @Override
    public void close() {}
  }

  private final class OutsidePlace implements Place {
    private final Export export;
    private final Target target;

    OutsidePlace(Export export, Target target) {
      this.export = export;
      this.target = target;
    }

    @Override
    public Optional<String> version() {
      return target.version();
    }

    @Override
    public boolean isWhole() {
      return target.begun().isEmpty();
    }

    @Override
    public Optional<Delivered> deliver(Version wanted, Optional<String> held, Cancellation cancel) {
      Optional<Target.Begun> begun = target.begun();
      Version version =
          begun.filter(this::isToBeFinished).flatMap(broken -> find(broken.last())).orElse(wanted);
      List<Optional<TableData>> others =
          begun.map(Target.Begun::versions).orElse(List.of()).stream()
              .filter(id -> !id.equals(version.id()))
              .map(this::data)
              .toList();
      try (Scratch scratch = workspace.openScratch();
          Session session = workspace.engine().open(workspace.root())) {
        TableData now = workspace.tables().load(version.metadataLocation());
        Changes changes = new Changes(session, export, now, target, scratch.folder(), cancel);
        Change change =
            changes.write(new Changes.Held(held.isPresent(), held.flatMap(this::data), others));
        Delivery delivery =
            new Delivery(
                version.id(),
                held,
                workspace.clock().instant(),
                now.schema().columns(),
                changes.key(),
                change);
        return target
            .deliver(delivery, cancel)
            .map(rows -> new Delivered(rows, Changes.words(change)));
      }
    }

    /** Which of the rows of a table that only grows are there, the system itself does not say. */
    private boolean isToBeFinished(Target.Begun begun) {
      return !begun.isRefused() || (export.mode() == Export.Mode.APPEND && !export.orSwap());
    }

    private Optional<Version> find(String id) {
      return workspace
          .catalog()
          .versions()
          .find(id)
          .filter(found -> found.table().equals(export.table()));
    }

    private Optional<TableData> data(String id) {
      return find(id).map(found -> workspace.tables().load(found.metadataLocation()));
    }

    @Override
    public void close() {
      target.close();
    }
  }
}

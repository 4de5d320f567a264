package io.headrace.workspace;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.CheckResults;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Erasures;
import io.headrace.catalog.FileIdentities;
import io.headrace.catalog.Leases;
import io.headrace.catalog.Measurements;
import io.headrace.catalog.Parts;
import io.headrace.catalog.Requests;
import io.headrace.catalog.Rewrites;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Schedules;
import io.headrace.catalog.Versions;
import io.headrace.error.HeadraceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A catalog that is opened while something else goes on, such as reading the project's files.
 * Whoever needs it first waits for it; if it cannot be opened, everybody who needs it hears why.
 */
public final class OpeningCatalog implements Catalog {
  private final CompletableFuture<Catalog> opening;

  /** Begins to open the catalog. */
  public OpeningCatalog(Supplier<Catalog> open) {
    this.opening = CompletableFuture.supplyAsync(open);
  }

  private Catalog opened() {
    try {
      return opening.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof HeadraceException reason) {
        throw reason;
      }
      throw e;
    }
  }

  @Override
  public Environments environments() {
    return opened().environments();
  }

  @Override
  public Versions versions() {
    return opened().versions();
  }

  @Override
  public Rewrites rewrites() {
    return opened().rewrites();
  }

  @Override
  public Parts parts() {
    return opened().parts();
  }

  @Override
  public Erasures erasures() {
    return opened().erasures();
  }

  @Override
  public CheckResults checkResults() {
    return opened().checkResults();
  }

  @Override
  public Measurements measurements() {
    return opened().measurements();
  }

  @Override
  public Leases leases() {
    return opened().leases();
  }

  @Override
  public Runs runs() {
    return opened().runs();
  }

  @Override
  public Schedules schedules() {
    return opened().schedules();
  }

  @Override
  public Requests requests() {
    return opened().requests();
  }

  @Override
  public FileIdentities fileIdentities() {
    return opened().fileIdentities();
  }

  @Override
  public void close() {
    opening.thenAccept(Catalog::close).exceptionally(e -> null).join();
  }
}

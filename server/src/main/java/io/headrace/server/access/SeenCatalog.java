package io.headrace.server.access;

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

/**
 * A project's catalog, as somebody sees it: environments, commits and runs are those that he sees.
 * The rest is found only by names and numbers that these give, and is not narrowed.
 */
record SeenCatalog(Catalog all, Sight sight) implements Catalog {
  @Override
  public Environments environments() {
    return sight.environments();
  }

  @Override
  public Runs runs() {
    return sight.runs();
  }

  @Override
  public Versions versions() {
    return all.versions();
  }

  @Override
  public Rewrites rewrites() {
    return all.rewrites();
  }

  @Override
  public Parts parts() {
    return all.parts();
  }

  @Override
  public Erasures erasures() {
    return all.erasures();
  }

  @Override
  public CheckResults checkResults() {
    return all.checkResults();
  }

  @Override
  public Measurements measurements() {
    return all.measurements();
  }

  @Override
  public Leases leases() {
    return all.leases();
  }

  @Override
  public Schedules schedules() {
    return all.schedules();
  }

  @Override
  public Requests requests() {
    return all.requests();
  }

  @Override
  public FileIdentities fileIdentities() {
    return all.fileIdentities();
  }

  /** It is not his to close. */
  @Override
  public void close() {}
}

package io.headrace.catalog;

/**
 * The database of a project. Safe for many threads and processes. Every write is one transaction:
 * all of it shows, or none.
 */
public interface Catalog extends AutoCloseable {

  Environments environments();

  Versions versions();

  Rewrites rewrites();

  Parts parts();

  Erasures erasures();

  CheckResults checkResults();

  Measurements measurements();

  Leases leases();

  Runs runs();

  Schedules schedules();

  Requests requests();

  FileIdentities fileIdentities();

  @Override
  void close();
}

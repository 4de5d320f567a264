package io.headrace.access;

/**
 * What a server keeps of those who ask. Safe for many threads and processes. Every write is one
 * transaction. Holds nothing that lets somebody in who reads it: of passwords, tokens and sessions
 * there are only digests.
 */
public interface Accounts extends AutoCloseable {

  Users users();

  Tokens tokens();

  Sessions sessions();

  AuditLog audit();

  @Override
  void close();
}

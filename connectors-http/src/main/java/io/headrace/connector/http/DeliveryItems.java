package io.headrace.connector.http;

import io.headrace.connector.Delivery;
import io.headrace.connector.staging.CsvReader;
import io.headrace.connector.staging.RowJson;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery brings, one thing after the other: first the keys that are gone, so that what
 * they held is free, then the rows. Not for several threads.
 */
final class DeliveryItems implements AutoCloseable {
  private final Delivery delivery;
  private final RowJson json;
  private final CsvReader rows;
  private @Nullable CsvReader keys;
  private @Nullable CsvReader among;
  private boolean hasAmong;

  DeliveryItems(Delivery delivery) throws IOException {
    this.delivery = delivery;
    this.json = new RowJson(delivery.columns(), delivery.key());
    this.rows = open();
    if (delivery.change() instanceof Delivery.Update update) {
      this.keys = new CsvReader(update.keys(), json.keyLength());
      CsvReader second = open();
      this.among = second;
      this.hasAmong = second.next();
    }
  }

  private CsvReader open() throws IOException {
    return new CsvReader(delivery.change().rows(), delivery.columns().size());
  }

  /** Goes to the next one; false if there is none. */
  boolean next() throws IOException {
    return nextGone() || rows.next();
  }

  /** Goes along keys and rows, which are in one order, to a key without a row. */
  private boolean nextGone() throws IOException {
    CsvReader all = keys;
    CsvReader there = among;
    if (all == null || there == null) {
      return false;
    }
    while (all.next()) {
      if (!hasAmong || !json.keyOfKey(all).equals(json.keyOfRow(there))) {
        return true;
      }
      hasAmong = there.next();
    }
    all.close();
    there.close();
    keys = null;
    among = null;
    if (hasAmong) {
      throw new IOException("rows and keys are not in one order");
    }
    return false;
  }

  /** Whether it is a key that is gone. */
  boolean isGone() {
    return keys != null;
  }

  /** The key, for people. */
  String key() {
    return keys == null ? json.keyOfRow(rows) : json.keyOfKey(keys);
  }

  /** The value of a column of a key that is gone. */
  String keyPart(int index) {
    String part = keys == null ? null : keys.value(index);
    return part == null ? "" : part;
  }

  /** The row, or the key with a flag if it is gone. */
  String json() {
    return keys == null
        ? json.value(rows)
        : json.objectOfKey(keys, ",\"%s\":true".formatted(DeliverySettings.Flagged.FLAG));
  }

  @Override
  public void close() throws IOException {
    try (CsvReader first = keys;
        CsvReader second = among) {
      rows.close();
    }
  }
}

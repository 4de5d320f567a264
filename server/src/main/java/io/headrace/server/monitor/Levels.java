package io.headrace.server.monitor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A gauge for each combination of labels, which shows what it was last set to. */
final class Levels {
  private final MeterRegistry registry;
  private final String name;
  private final String help;
  private final Map<Tags, AtomicLong> levels = new ConcurrentHashMap<>();

  Levels(MeterRegistry registry, String name, String help) {
    this.registry = registry;
    this.name = name;
    this.help = help;
  }

  /** The level of some labels; 0 at first. */
  AtomicLong of(Tags labels) {
    return levels.computeIfAbsent(
        labels,
        added -> {
          AtomicLong level = new AtomicLong();
          Gauge.builder(name, level, AtomicLong::get)
              .description(help)
              .tags(added)
              .register(registry);
          return level;
        });
  }
}

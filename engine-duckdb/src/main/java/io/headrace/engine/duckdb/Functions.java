package io.headrace.engine.duckdb;

import java.util.Map;
import java.util.Set;

/**
 * What is known of DuckDB's own functions, by name in lower case. A test compares the lists with
 * {@code duckdb_functions()}, so a new version of DuckDB cannot add to them unnoticed.
 */
final class Functions {
  private static final String CHANGES_OVER_TIME = "its value changes from one moment to the next";
  private static final String DIFFERS = "its value is different at every call";
  private static final String SETTING = "its value depends on where the query runs";

  /** Scalar functions and macros that are no function of their arguments, and why. */
  private static final Map<String, String> VOLATILE =
      Map.ofEntries(
          Map.entry("age", CHANGES_OVER_TIME),
          Map.entry("ago", CHANGES_OVER_TIME),
          Map.entry("current_date", CHANGES_OVER_TIME),
          Map.entry("current_localtime", CHANGES_OVER_TIME),
          Map.entry("current_localtimestamp", CHANGES_OVER_TIME),
          Map.entry("get_current_time", CHANGES_OVER_TIME),
          Map.entry("get_current_timestamp", CHANGES_OVER_TIME),
          Map.entry("now", CHANGES_OVER_TIME),
          Map.entry("pg_conf_load_time", CHANGES_OVER_TIME),
          Map.entry("pg_postmaster_start_time", CHANGES_OVER_TIME),
          Map.entry("today", CHANGES_OVER_TIME),
          Map.entry("transaction_timestamp", CHANGES_OVER_TIME),
          Map.entry("currval", DIFFERS),
          Map.entry("gen_random_uuid", DIFFERS),
          Map.entry("nextval", DIFFERS),
          Map.entry("random", DIFFERS),
          Map.entry("setseed", DIFFERS),
          Map.entry("setval", DIFFERS),
          Map.entry("uuid", DIFFERS),
          Map.entry("uuidv4", DIFFERS),
          Map.entry("uuidv7", DIFFERS),
          Map.entry("current_catalog", SETTING),
          Map.entry("current_connection_id", SETTING),
          Map.entry("current_database", SETTING),
          Map.entry("current_query", SETTING),
          Map.entry("current_query_id", SETTING),
          Map.entry("current_role", SETTING),
          Map.entry("current_schema", SETTING),
          Map.entry("current_schemas", SETTING),
          Map.entry("current_setting", SETTING),
          Map.entry("current_transaction_id", SETTING),
          Map.entry("current_user", SETTING),
          Map.entry("format_type", SETTING),
          Map.entry("getenv", SETTING),
          Map.entry("getvariable", SETTING),
          Map.entry("in_search_path", SETTING),
          Map.entry("json_serialize_plan", SETTING),
          Map.entry("pg_get_constraintdef", SETTING),
          Map.entry("pg_get_viewdef", SETTING),
          Map.entry("pg_sleep", SETTING),
          Map.entry("session_user", SETTING),
          Map.entry("sleep_ms", SETTING),
          Map.entry("stats", SETTING),
          Map.entry("txid_current", SETTING),
          Map.entry("user", SETTING),
          Map.entry("vector_type", SETTING),
          Map.entry("version", SETTING),
          Map.entry("write_log", SETTING));

  /**
   * Names that mean a value without parentheses. {@code user} is one too but left out: it is a
   * constant here, and the name of many a column.
   */
  private static final Map<String, String> VOLATILE_NAMES =
      Map.of(
          "current_date", CHANGES_OVER_TIME,
          "current_time", CHANGES_OVER_TIME,
          "current_timestamp", CHANGES_OVER_TIME,
          "localtime", CHANGES_OVER_TIME,
          "localtimestamp", CHANGES_OVER_TIME,
          "current_catalog", SETTING,
          "current_role", SETTING,
          "current_schema", SETTING,
          "current_user", SETTING,
          "session_user", SETTING);

  /** Table functions that compute rows from their arguments. */
  private static final Set<String> PURE_TABLE_FUNCTIONS =
      Set.of(
          "generate_series",
          "generate_subscripts",
          "json_each",
          "json_tree",
          "range",
          "regexp_split_to_table",
          "repeat",
          "repeat_row",
          "unnest");

  /** Table functions whose first argument is the path of a file, or a list of paths. */
  private static final Set<String> FILE_FUNCTIONS =
      Set.of(
          "glob",
          "parquet_bloom_probe",
          "parquet_file_metadata",
          "parquet_full_metadata",
          "parquet_kv_metadata",
          "parquet_metadata",
          "parquet_scan",
          "parquet_schema",
          "read_blob",
          "read_csv",
          "read_csv_auto",
          "read_duckdb",
          "read_json",
          "read_json_auto",
          "read_json_objects",
          "read_json_objects_auto",
          "read_ndjson",
          "read_ndjson_auto",
          "read_ndjson_objects",
          "read_parquet",
          "read_single_csv_file",
          "read_single_json_file",
          "read_single_parquet_file",
          "read_text",
          "sniff_csv");

  /** Table functions that read tables which the statement names in a string, or not at all. */
  private static final Set<String> HIDING_FUNCTIONS =
      Set.of(
          "histogram",
          "histogram_values",
          "index_scan",
          "json_execute_serialized_sql",
          "query",
          "query_table",
          "seq_scan");

  /** Table functions that change the engine. */
  private static final Set<String> CHANGING_FUNCTIONS =
      Set.of(
          "checkpoint",
          "create_external_resource",
          "deregister_external_resource",
          "destroy_external_resource",
          "disable_logging",
          "disable_profiling",
          "enable_logging",
          "enable_profiling",
          "force_checkpoint",
          "register_external_resource",
          "register_external_resource_type",
          "truncate_duckdb_logs");

  private Functions() {}

  /** What a table function reads. */
  enum TableFunction {
    NOTHING,
    FILES,
    HIDDEN_TABLES,
    ENGINE_CATALOG,
    CHANGES_ENGINE,
    UNKNOWN
  }

  static TableFunction tableFunction(String name) {
    if (PURE_TABLE_FUNCTIONS.contains(name)) {
      return TableFunction.NOTHING;
    }
    if (FILE_FUNCTIONS.contains(name)) {
      return TableFunction.FILES;
    }
    if (HIDING_FUNCTIONS.contains(name)) {
      return TableFunction.HIDDEN_TABLES;
    }
    if (CHANGING_FUNCTIONS.contains(name)) {
      return TableFunction.CHANGES_ENGINE;
    }
    return name.startsWith("duckdb_") || name.startsWith("pragma_") || name.equals("which_secret")
        ? TableFunction.ENGINE_CATALOG
        : TableFunction.UNKNOWN;
  }

  /**
   * Why no fingerprint covers a call of that function with so many arguments; empty if one does.
   */
  static String volatility(String name, int arguments) {
    if (name.equals("age") && arguments != 1) {
      return "";
    }
    return VOLATILE.getOrDefault(name, "");
  }

  /** Why no fingerprint covers that name where a column could stand; empty if one does. */
  static String volatilityOfName(String name) {
    return VOLATILE_NAMES.getOrDefault(name, "");
  }

  /** Whether a table of that name is one of the engine's own. */
  static boolean isCatalogTable(String schema, String name) {
    return schema.equals("information_schema")
        || schema.equals("pg_catalog")
        || (schema.isEmpty()
            && (name.startsWith("duckdb_")
                || name.startsWith("pragma_")
                || name.startsWith("sqlite_")
                || name.startsWith("pg_")));
  }
}

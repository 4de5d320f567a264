package io.headrace.access;

import io.headrace.connector.Setting;
import io.headrace.engine.Veil;
import io.headrace.error.Problems;
import io.headrace.error.ProjectException;
import io.headrace.project.ConnectionReader;
import io.headrace.yaml.YamlDocument;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code access.yaml}. */
public final class AccessReader {
  /** The name of the file. */
  public static final String FILE = "access.yaml";

  public static final List<String> KEYS =
      List.of("grants", "protected", "filters", "masks", "oidc", "sessions", "audit");
  public static final List<String> GRANT_KEYS =
      List.of("who", "role", "projects", "environments", "schemas");
  public static final List<String> FILTER_KEYS = List.of("table", "rows", "except", "projects");
  public static final List<String> MASK_KEYS =
      List.of("table", "column", "as", "except", "projects");
  public static final List<String> OIDC_KEYS =
      List.of("issuer", "client", "secret", "groups", "name", "scopes", "trust_email");
  public static final List<String> SESSION_KEYS = List.of("idle", "longest");
  public static final List<String> AUDIT_KEYS = List.of("keep");

  private static final Pattern WHO =
      Pattern.compile("\\*|[a-z0-9][a-z0-9._@*-]*|(token|group|oidc):\\S.*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_*.-]+");
  private static final Pattern ISSUER =
      Pattern.compile("https://\\S+|http://(127\\.0\\.0\\.1|localhost|\\[::1])[:/]\\S*");
  private static final Map<String, Role> ROLES = new LinkedHashMap<>();

  static {
    for (Role role : Role.values()) {
      ROLES.put(role.toString(), role);
    }
  }

  private AccessReader() {}

  /**
   * Reads the text of the file.
   *
   * @throws ProjectException if it has mistakes, with the place of each
   */
  public static AccessRules read(String text) {
    Problems problems = new Problems();
    AccessRules rules = read(text, problems);
    problems.throwIfAny();
    return rules;
  }

  /** The same, with mistakes told. What is wrong is left out. */
  public static AccessRules read(String text, Problems problems) {
    Optional<YamlMap> map =
        YamlDocument.parse(FILE, text, 1, problems).map(value -> value.map(KEYS));
    AccessRules none = AccessRules.NONE;
    Optional<YamlMap> sessions =
        map.flatMap(m -> m.find("sessions")).map(value -> value.map(SESSION_KEYS));
    Duration idle = sessions.flatMap(s -> s.duration("idle")).orElse(none.idle());
    Duration longest = sessions.flatMap(s -> s.duration("longest")).orElse(none.longest());
    return new AccessRules(
        each(map, "grants", AccessReader::grant),
        map.flatMap(m -> m.find("protected"))
            .map(value -> names(value, "main"))
            .orElse(none.protectedEnvironments()),
        each(map, "filters", AccessReader::filter),
        each(map, "masks", AccessReader::mask),
        map.flatMap(m -> m.find("oidc")).flatMap(AccessReader::oidc),
        idle,
        longest,
        map.flatMap(m -> m.find("audit"))
            .map(value -> value.map(AUDIT_KEYS))
            .flatMap(audit -> audit.duration("keep"))
            .orElse(none.keep()));
  }

  private static <T> List<T> each(
      Optional<YamlMap> map, String key, Function<YamlValue, Optional<T>> reader) {
    List<T> all = new ArrayList<>();
    map.flatMap(m -> m.find(key))
        .ifPresent(list -> list.list().forEach(one -> reader.apply(one).ifPresent(all::add)));
    return all;
  }

  private static Optional<Grant> grant(YamlValue value) {
    YamlMap map = value.map(GRANT_KEYS);
    Optional<YamlValue> who = map.require("who");
    Optional<Role> role = map.require("role").flatMap(word -> word.oneOf(ROLES));
    Names projects = names(map, "projects", "shop");
    Names environments = names(map, "environments", "dev");
    Names schemas = names(map, "schemas", "marts");
    return who.isEmpty() || role.isEmpty()
        ? Optional.empty()
        : Optional.of(new Grant(who(who.get()), role.get(), projects, environments, schemas));
  }

  private static Optional<RowFilter> filter(YamlValue value) {
    YamlMap map = value.map(FILTER_KEYS);
    Optional<YamlValue> tables = map.require("table");
    Optional<String> rows = map.require("rows").flatMap(YamlValue::text);
    Who except = except(map);
    Names projects = names(map, "projects", "shop");
    return tables.isEmpty() || rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RowFilter(projects, names(tables.get(), "marts.orders"), rows.get(), except));
  }

  private static Optional<Mask> mask(YamlValue value) {
    YamlMap map = value.map(MASK_KEYS);
    Optional<YamlValue> tables = map.require("table");
    Optional<String> column = map.require("column").flatMap(YamlValue::text);
    String as =
        map.find("as")
            .filter(expression -> expression.plain() != null)
            .flatMap(YamlValue::text)
            .orElse(Veil.NOTHING);
    Who except = except(map);
    Names projects = names(map, "projects", "shop");
    return tables.isEmpty() || column.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Mask(projects, names(tables.get(), "marts.orders"), column.get(), as, except));
  }

  private static Who except(YamlMap map) {
    return map.find("except").map(AccessReader::who).orElse(Who.NOBODY);
  }

  private static Names names(YamlMap map, String key, String example) {
    return map.find(key).map(value -> names(value, example)).orElse(Names.ALL);
  }

  private static Who who(YamlValue value) {
    return new Who(texts(value, WHO, "ada, token:ci or group:analysts"));
  }

  private static Names names(YamlValue value, String example) {
    return new Names(texts(value, NAME, example));
  }

  private static List<String> texts(YamlValue value, Pattern form, String example) {
    List<String> names = new ArrayList<>();
    for (YamlValue one : value.oneOrMore()) {
      Optional<String> text = one.text();
      if (text.filter(t -> !form.matcher(t).matches()).isPresent()) {
        one.problem(
            "Invalid name '%s'".formatted(text.get()),
            "Write a name such as %s; * is any characters".formatted(example));
      } else {
        text.ifPresent(names::add);
      }
    }
    return names;
  }

  private static Optional<Oidc> oidc(YamlValue value) {
    YamlMap map = value.map(OIDC_KEYS);
    Optional<YamlValue> address = map.require("issuer");
    Optional<String> issuer = address.flatMap(YamlValue::text);
    if (issuer.filter(text -> !ISSUER.matcher(text).matches()).isPresent()) {
      address
          .get()
          .problem("That is no address of HTTPS", "Write one such as https://login.example.com");
    }
    Optional<String> client = map.require("client").flatMap(YamlValue::text);
    Optional<Setting> secret = map.require("secret").flatMap(AccessReader::secret);
    String groups = map.text("groups").orElse("groups");
    String name = map.text("name").orElse("sub");
    List<String> scopes = map.texts("scopes");
    boolean trustsEmail = map.find("trust_email").flatMap(YamlValue::bool).orElse(false);
    return issuer.isEmpty() || client.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Oidc(issuer.get(), client.get(), secret.get(), groups, name, scopes, trustsEmail));
  }

  private static Optional<Setting> secret(YamlValue value) {
    if (value.isMap()) {
      return ConnectionReader.reference(value);
    }
    // The value itself is not repeated: it is a secret.
    value.problem(
        "A secret in the file: 'secret' may only be a reference",
        "Write `secret: {env: NAME}` or `secret: {file: PATH}`, and change the secret");
    return Optional.empty();
  }
}

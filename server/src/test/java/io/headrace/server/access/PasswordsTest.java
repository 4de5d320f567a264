package io.headrace.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.error.UsageException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  private static final String GOOD = "gravel orbit lantern";

  private final Passwords passwords = new Passwords();

  @Test
  void aHashSaysHowItWasMadeAndIsOfOnePassword() {
    String hash = passwords.hashGood("ada", GOOD);
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(passwords.hashGood("ada", GOOD)).isNotEqualTo(hash);
    assertThat(passwords.verify(GOOD, Optional.of(hash))).isTrue();
    assertThat(passwords.verify(GOOD + " ", Optional.of(hash))).isFalse();
    assertThat(passwords.verify("", Optional.of(hash))).isFalse();
    assertThat(passwords.verify("x".repeat(2_000_000), Optional.of(hash))).isFalse();
    assertThat(passwords.verify(GOOD, Optional.empty())).isFalse();
    assertThat(passwords.rehash(GOOD, hash)).isEmpty();
  }

  /** What another implementation of Argon2id makes: Python's argon2-cffi 25.1. */
  @Test
  void aHashOfAnotherImplementationIsUnderstood() {
    String hash =
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$pBaEAFMhGrHev91vxiVn2IlHI2rEeGn2vr8v68cmg5w";
    assertThat(passwords.verify(GOOD, Optional.of(hash))).isTrue();
    assertThat(passwords.verify(GOOD + "x", Optional.of(hash))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaa",
        "abababababab",
        "passwordpassword",
        "Password123!!",
        "PASSWORD-2026",
        "123456789012",
        "210987654321",
        "qwertyuiopas",
        "1q2w3e4r5t6z",
        "ada-ada-ada-1",
        "adaadaada2026",
        "administrator",
        "correct horse battery staple",
      })
  void whatOthersWouldTryIsRefused(String password) {
    assertThatThrownBy(() -> passwords.hashGood("ada", password))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("Cannot take that password")
        .hasMessageNotContaining(password.isEmpty() ? "canary" : password);
  }
}

package dev.drover.console;

import dev.drover.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The token of the management port. If it is empty, requests need none. */
final class Token {

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final byte[] value;

    Token(String value) {
        this.value = value.strip().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The value of {@code drover.management.token}, or the content of the file that it names.
     *
     * @throws IllegalArgumentException if the file cannot be read
     */
    static Token of(CamelContext context) {
        return new Token(Secret.setting(context.resolvePropertyPlaceholders("{{drover.management.token:}}")
                .strip()));
    }

    boolean isSet() {
        return value.length > 0;
    }

    /**
     * Whether this Authorization header contains the token: as {@code Bearer}, or as {@code Basic} with any user and the
     * token as password. Compares in constant time.
     */
    boolean isGivenBy(@Nullable String authorization) {
        return isSet()
                && Optional.ofNullable(authorization)
                        .flatMap(Token::given)
                        .map(given -> MessageDigest.isEqual(value, given.getBytes(StandardCharsets.UTF_8)))
                        .orElse(false);
    }

    private static Optional<String> given(String authorization) {
        String scheme = authorization.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return scheme.startsWith(BASIC)
                ? password(authorization.substring(BASIC.length()).strip())
                : Optional.empty();
    }

    private static Optional<String> password(String credentials) {
        try {
            String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not Base64
        }
    }
}

package dev.drover.credentials;

import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/** Checks the properties of a credential and reads their present values. */
final class Given {

    private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]+");

    private final List<Problem> found = new ArrayList<>();

    Given given(String property, @Nullable String value) {
        if (value == null || value.isBlank()) {
            found.add(new Problem(property, "has no value"));
        }
        return this;
    }

    Given secret(String property, @Nullable Secret secret) {
        if (secret == null) {
            found.add(new Problem(property, "has no value; allowed are env:NAME and file:/path"));
        } else {
            secret.problem().ifPresent(message -> found.add(new Problem(property, message)));
        }
        return this;
    }

    /** An HTTP URL without a user. */
    Given address(String property, @Nullable String value) {
        given(property, value);
        if (value != null && !value.isBlank() && !isAddress(value)) {
            found.add(new Problem(property, "is not a URL such as https://login.example.org/token"));
        }
        return this;
    }

    Given that(boolean right, String property, String message) {
        if (!right) {
            found.add(new Problem(property, message));
        }
        return this;
    }

    /** Reads a secret and reports why that fails. */
    Given works(String property, @Nullable Secret secret) {
        return works(property, () -> value(property, secret));
    }

    /** Uses a property and reports why that fails. */
    Given works(String property, ThrowingRunnable<IOException> use) {
        try {
            use.run();
        } catch (IOException e) {
            found.add(new Problem(property, String.valueOf(e.getMessage())));
        }
        return this;
    }

    List<Problem> list() {
        return List.copyOf(found);
    }

    private static boolean isAddress(String value) {
        try {
            URI uri = new URI(value.trim());
            return uri.getHost() != null
                    && uri.getUserInfo() == null
                    && Set.of("http", "https").contains(uri.getScheme());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    static String text(String property, @Nullable String value) throws IOException {
        if (value == null) {
            throw new IOException("the credential has no " + property);
        }
        return value;
    }

    /** The present value of the secret. */
    static String value(String property, @Nullable Secret secret) throws IOException {
        if (secret == null) {
            throw new IOException("the credential has no " + property);
        }
        return secret.value();
    }

    /** The present value of the secret, checked for use in a header. */
    static String headerValue(String property, @Nullable Secret secret) throws IOException {
        String value = value(property, secret);
        if (!isSendable(value)) {
            throw new IOException("the " + property + " contains a space or a non-ASCII character; a header cannot");
        }
        return value;
    }

    static boolean isSendable(String value) {
        return SENDABLE.matcher(value).matches();
    }
}

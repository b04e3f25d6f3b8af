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
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with the properties of a credential, and gives their values at the time of an attempt. */
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

    /** An address of HTTP without a user in it. */
    Given address(String property, @Nullable String value) {
        given(property, value);
        if (value != null && !value.isBlank() && !isAddress(value)) {
            found.add(new Problem(property, "is not an address; allowed is one like https://login.example.org/token"));
        }
        return this;
    }

    Given that(boolean right, String property, String message) {
        if (!right) {
            found.add(new Problem(property, message));
        }
        return this;
    }

    /** What stands against the use of a property now. */
    Given works(String property, Use use) {
        try {
            use.now();
        } catch (IOException e) {
            found.add(new Problem(property, String.valueOf(e.getMessage())));
        }
        return this;
    }

    /** What an attempt does with a property. */
    interface Use {
        void now() throws IOException;
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

    /** The text of a property. */
    static String text(String property, @Nullable String value) throws IOException {
        if (value == null) {
            throw new IOException("the credential has no " + property);
        }
        return value;
    }

    /** The secret as it is now. */
    static String value(String property, @Nullable Secret secret) throws IOException {
        if (secret == null) {
            throw new IOException("the credential has no " + property);
        }
        return secret.value();
    }

    /** The secret as it is now, if it can stand in a header. */
    static String headerValue(String property, @Nullable Secret secret) throws IOException {
        String value = value(property, secret);
        if (!isSendable(value)) {
            throw new IOException(
                    "the " + property + " has a space or a character that is not ASCII, which no header may");
        }
        return value;
    }

    static boolean isSendable(String value) {
        return SENDABLE.matcher(value).matches();
    }
}

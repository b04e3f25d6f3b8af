package dev.drover.credentials;

import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong, property by property. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    Problems given(String property, @Nullable String value) {
        if (value == null || value.isBlank()) {
            found.add(new Problem(property, "has no value"));
        }
        return this;
    }

    Problems secret(String property, @Nullable Secret secret) {
        if (secret == null) {
            found.add(new Problem(property, "has no value; allowed are env:NAME and file:/path"));
        } else {
            secret.problem().ifPresent(message -> found.add(new Problem(property, message)));
        }
        return this;
    }

    /** An address of HTTP without a user in it. */
    Problems address(String property, @Nullable String value) {
        given(property, value);
        if (value != null && !value.isBlank() && !isAddress(value)) {
            found.add(new Problem(property, "is not an address; allowed is one like https://login.example.org/token"));
        }
        return this;
    }

    Problems that(boolean right, String property, String message) {
        if (!right) {
            found.add(new Problem(property, message));
        }
        return this;
    }

    /** What stands against the use of a property now. */
    Problems works(String property, Use use) {
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
}

package dev.drover.credentials;

import dev.drover.config.Secret;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of properties at the time of an attempt. */
final class Given {

    private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]+");

    private Given() {}

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

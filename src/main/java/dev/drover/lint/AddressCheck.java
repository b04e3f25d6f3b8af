package dev.drover.lint;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the host of an HTTP address. */
final class AddressCheck {

    private static final Pattern ADDRESS = Pattern.compile("(?s)https?://(?:[^/?#]*@)?([^/?#@]*).*");

    private AddressCheck() {}

    /**
     * Why the host is invalid; empty if it is valid, if the text is not an address, or if the host depends on the
     * record. The message has no other part of the address, because that may be a secret.
     */
    static Optional<String> problem(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()
                || address.group(1).contains("$")
                || address.group(1).contains("{{")) {
            return Optional.empty();
        }
        String host = address.group(1);
        return isHost(host) ? Optional.empty() : Optional.of(wrong(host));
    }

    private static boolean isHost(String host) {
        try {
            return URI.create("http://" + host).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String wrong(String host) {
        String remedy = host.contains("_") ? "; give the service another name, such as " + host.replace('_', '-') : "";
        return "'" + host + "' is not a host that an address may have: letters, digits, hyphens and dots, and a port"
                + " behind a colon" + remedy;
    }
}

package dev.drover.lint;

import dev.drover.config.Secret;
import dev.drover.folder.RoutesFolder;
import dev.drover.route.Finding;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;

/** Checks that an open management port is protected by a strong token, unless only this host can reach it. */
final class ManagementCheck {

    private static final String TOKEN = "drover.management.token";

    private static final int SHORTEST = 16;
    private static final int FEWEST = 8;
    private static final int LAST_PORT = 65_535;

    /** Tokens in the examples of manuals, without punctuation. */
    private static final Set<String> EXAMPLES =
            Set.of("changeme", "changeit", "replaceme", "yourtoken", "mytoken", "secrettoken", "password", "letmein");

    private final CamelContext context;
    private final RoutesFolder folder;

    /** Prepares the check of a context that has loaded its routes and is not started. */
    ManagementCheck(CamelContext context, RoutesFolder folder) {
        this.context = context;
        this.folder = folder;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
        if (server == null) {
            return findings;
        }
        weakness(isLoopback(server.getHost()), server.getHost())
                .ifPresent(why -> findings.add(folder.finding(TOKEN, why)));
        if (server.getPort() > LAST_PORT) {
            findings.add(folder.finding("drover.management.port", server.getPort() + " is not a port"));
        }
        MainHttpServer other = context.hasService(MainHttpServer.class);
        if (other != null && other.getPort() == server.getPort()) {
            findings.add(folder.finding(
                    "drover.management.port",
                    server.getPort() + " is the port of the routes (camel.server.port) too; set another one"));
        }
        return findings;
    }

    private Optional<String> weakness(boolean loopback, String host) {
        String token;
        try {
            token = Secret.setting(context.resolvePropertyPlaceholders("{{" + TOKEN + ":}}")
                            .strip())
                    .strip();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (loopback) {
            return Optional.empty();
        }
        String open = "drover.management.host " + host + " is open to others";
        String remedy = "; set it by the environment variable DROVER_MANAGEMENT_TOKEN, or set the host to 127.0.0.1";
        if (token.isEmpty()) {
            return Optional.of("is needed, because " + open + remedy);
        }
        return isGuessable(token)
                ? Optional.of("can be guessed, and " + open + ": at least " + SHORTEST
                        + " characters are needed, and at least " + FEWEST
                        + " different ones, as openssl rand -hex 32 makes them" + remedy)
                : Optional.empty();
    }

    /** Whether the token is too short, too simple, or the example of a manual. */
    private static boolean isGuessable(String token) {
        String plain = token.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return token.length() < SHORTEST
                || token.chars().distinct().count() < FEWEST
                || EXAMPLES.stream().anyMatch(plain::startsWith);
    }

    /** Whether only this host can reach the address. A name that cannot be resolved could be any address. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * The {@code HEALTHCHECK} of the image: asks the management port of the same container whether its process is alive.
 * Exits with 0 or 1 and prints the reason in one line. It finds the port as the process does: in the environment, in
 * the {@code application.properties} of the routes, or by default. It needs no token.
 *
 * <p>It must start in a fraction of a second, so it loads only the JDK: no Camel and no logging.
 */
public final class HealthCheck {

    private static final String PATH = "/observe/health/live";

    /** Milliseconds to connect, and again to answer. The image allows a check more than both together. */
    private static final int PATIENCE = 2000;

    /** The number of bytes to read of an answer: enough for the status line. */
    private static final int LONGEST = 64;

    private final Settings settings;

    private HealthCheck(Settings settings) {
        this.settings = settings;
    }

    private record Health(boolean well, String why) {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        Health health = of(Started.first());
        System.out.println(health.why());
        System.exit(health.well() ? 0 : 1);
    }

    /** Healthy without a port: an orchestrator must not end a backfill, or a process whose port is off on purpose. */
    private static Health of(Started started) {
        if (!started.commandWithoutPort().isEmpty()) {
            return new Health(
                    true, "not watched: drover " + started.commandWithoutPort() + " opens no management port");
        }
        try {
            RoutesFolder folder = RoutesFolder.open(started.routes());
            return new HealthCheck(new Settings(folder, new Properties())).ask();
        } catch (BadInputException e) {
            return new Health(false, String.valueOf(e.getMessage()));
        }
    }

    private Health ask() {
        if (value("enabled").equalsIgnoreCase("false")) {
            return new Health(true, "not watched: the management port is off; DROVER_MANAGEMENT_ENABLED=true opens it");
        }
        if (!value("port").matches("\\d{1,5}")) {
            return new Health(false, "drover.management.port: '" + value("port") + "' is no port; set a number");
        }
        String address = value("host") + " port " + value("port");
        try {
            String answer = answer(reachable(value("host")), Integer.parseInt(value("port")));
            return answer.matches("HTTP/1\\.[01] 200\\b.*")
                    ? new Health(true, "alive: " + address + " answers 200")
                    : new Health(false, "not alive: " + address + " answers to " + PATH + ": " + answer);
        } catch (IOException | IllegalArgumentException e) {
            return new Health(false, "not alive: " + address + ": " + e.getMessage());
        }
    }

    /**
     * The status line. Not by an HTTP client, which would search every library for protocols and take twice the time.
     */
    private static String answer(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), PATIENCE);
            socket.setSoTimeout(PATIENCE);
            String request = "GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] line = socket.getInputStream().readNBytes(LONGEST);
            return new String(line, StandardCharsets.US_ASCII)
                    .lines()
                    .findFirst()
                    .orElse("nothing");
        }
    }

    /** The address to ask. For the wildcard address it is the loopback address of the same family. */
    private static InetAddress reachable(String host) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        if (address.isAnyLocalAddress()) {
            return InetAddress.getByName(address.getAddress().length == 4 ? "127.0.0.1" : "::1");
        }
        return address;
    }

    private String value(String name) {
        return settings.value("drover.management." + name).orElse("");
    }

    /**
     * What the first process of a container was started to do.
     *
     * @param words its command and options; empty when it is not {@code java -jar} with the jar of Drover
     */
    record Started(List<String> words) {

        private static final Path FIRST = Path.of("/proc/1/cmdline");

        /** As the kernel shows it; an init process in between repeats the words of what it starts. */
        static Started first() {
            try {
                return of(Files.readString(FIRST, StandardCharsets.UTF_8));
            } catch (IOException e) {
                return new Started(List.of()); // hidden, or no Linux
            }
        }

        /** Of a command line whose words end with NUL each. */
        static Started of(String line) {
            List<String> all = List.of(line.split("\0"));
            for (int i = 0; i < all.size(); i++) {
                if (i > 0 && all.get(i).endsWith("drover.jar") && all.get(i - 1).equals("-jar")) {
                    return new Started(all.subList(i + 1, all.size()));
                }
            }
            return new Started(List.of());
        }

        /** The command, if it is known and opens no management port whatever the settings are; else empty. */
        String commandWithoutPort() {
            return words.isEmpty() || words.get(0).equals("run") ? "" : words.get(0);
        }

        /** The folder of its routes. */
        Path routes() {
            for (int i = 0; i < words.size(); i++) {
                if (words.get(i).startsWith("--routes=")) {
                    return Path.of(words.get(i).substring("--routes=".length()));
                }
                if (words.get(i).equals("--routes") && i + 1 < words.size()) {
                    return Path.of(words.get(i + 1));
                }
            }
            return Path.of("routes");
        }
    }
}

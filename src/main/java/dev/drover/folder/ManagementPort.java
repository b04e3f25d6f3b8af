package dev.drover.folder;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Implements {@code drover.management.enabled: auto}. The port is opened, but a run that finds it taken logs a warning
 * and continues without it; with {@code true} it refuses to start. The image uses {@code auto}: its health check has a
 * port to ask, and a second process on the same network still starts.
 */
public final class ManagementPort {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementPort.class);
    private static final String ENABLED = "drover.management.enabled";
    private static final List<String> SWITCHES = List.of("camel.management.enabled", "camel.metrics.enabled");

    private ManagementPort() {}

    /** Replaces auto by true for Camel, which knows only true and false. */
    public static void decide(Main camel, RoutesFolder folder) {
        if (isAuto(folder)) {
            turn(camel, folder, true);
        }
    }

    /** Switches port and metrics off if the port is taken, unless a file of the user sets them. */
    public static void yieldIfTaken(Main camel, RoutesFolder folder) {
        Settings settings = new Settings(folder, camel.getOverrideProperties());
        boolean isClosed =
                settings.value(SWITCHES.get(0)).filter("false"::equals).isPresent();
        if (!isAuto(folder) || isClosed) {
            return;
        }
        String host = settings.value("drover.management.host").orElse("");
        String port = settings.value("drover.management.port").orElse("");
        if (port.matches("\\d{1,5}") && !isFree(host, Integer.parseInt(port))) {
            LOG.warn(
                    "drover.management.port: port {} of {} cannot be opened, it may be in use; without it this process"
                            + " shows no health and no metrics: set another one",
                    port,
                    host);
            turn(camel, folder, false);
        }
    }

    /**
     * Overrides Camel's own settings: an environment variable would take precedence over an override of Drover's
     * setting.
     */
    private static void turn(Main camel, RoutesFolder folder, boolean on) {
        Settings written = new Settings(folder, new Properties());
        SWITCHES.stream()
                .filter(key -> written.value(key)
                        .filter(("{{" + ENABLED + "}}")::equals)
                        .isPresent())
                .forEach(key -> camel.addOverrideProperty(key, Boolean.toString(on)));
    }

    /** Whether the port can be opened now. */
    public static boolean isFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isAuto(RoutesFolder folder) {
        return folder.setting(ENABLED).filter("auto"::equals).isPresent();
    }
}

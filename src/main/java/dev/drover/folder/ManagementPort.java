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
 * What {@code drover.management.enabled} means beside true and false: {@code auto} opens the port, but a run that finds it
 * taken goes on without it, and logs that. The image sets it, so that its health check has a port to ask, and a second
 * process on the same network starts too. With {@code true} a run refuses a port that is taken.
 */
public final class ManagementPort {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementPort.class);
    private static final String ENABLED = "drover.management.enabled";
    private static final List<String> SWITCHES = List.of("camel.management.enabled", "camel.metrics.enabled");

    private ManagementPort() {}

    /** Has Camel, which knows true and false only, take auto for true. */
    public static void decide(Main camel, RoutesFolder folder) {
        if (isAuto(folder)) {
            turn(camel, folder, true);
        }
    }

    /** Has it open no port and count nothing, unless a file of the user says otherwise, when the port is taken. */
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
                    "drover.management.port: port {} of {} cannot be opened, it may be in use; without it nobody can ask"
                            + " for health and metrics of this process: set another one",
                    port,
                    host);
            turn(camel, folder, false);
        }
    }

    /** An override of the setting itself would not do: to Camel a variable of the environment wins over it. */
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

package dev.drover.runtime;

import dev.drover.database.DatabasePool;
import dev.drover.folder.BadInputException;
import dev.drover.folder.BuiltIn;
import dev.drover.folder.RoutesFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code --demo} sets: a source of its own with seeded orders, a store of its own, a receiver in the process. */
public final class Demo {

    private static final Path DATA = Path.of("data", "demo");

    private Demo() {}

    /**
     * The properties of the demo.
     *
     * @throws BadInputException if a source or a destination is configured: no demo row may reach a real service
     */
    public static Map<String, String> properties(RoutesFolder folder) {
        refuse(folder, "drover.source.url");
        refuse(folder, "drover.orders.url");
        Path demo = folder.path().resolve("demo");
        int port = freePort();
        Map<String, String> set = new LinkedHashMap<>();
        set.put("camel.main.routesIncludePattern", folder.includePattern() + "," + receiver(demo));
        set.put(
                "drover.source.url",
                "jdbc:h2:file:./" + DATA + "/source;AUTO_SERVER=TRUE;WRITE_DELAY=0"
                        + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;INIT=RUNSCRIPT FROM '" + seed(demo)
                        + "'");
        set.put("drover.source.password", DatabasePool.GENERATED);
        set.putAll(store());
        set.put("drover.orders.url", "http://127.0.0.1:" + port + "/orders");
        set.put("drover.orders.pageSize", "100");
        set.put("drover.orders.batchSize", "50");
        set.put("camel.server.enabled", "true");
        set.put("camel.server.host", "127.0.0.1");
        set.put("camel.server.port", Integer.toString(port));
        return set;
    }

    /** The settings of the demo's store. */
    public static Map<String, String> store() {
        return Map.of(
                "drover.store.url",
                "jdbc:h2:file:./" + DATA + "/store;AUTO_SERVER=TRUE;WRITE_DELAY=0",
                "drover.store.password",
                DatabasePool.GENERATED,
                "drover.store.create",
                "true");
    }

    private static void refuse(RoutesFolder folder, String key) {
        if (folder.setting(key).isPresent()) {
            throw new BadInputException("--demo: " + key + " is set, and no demo row may reach a real service; run"
                    + " without --demo, or unset " + RoutesFolder.environmentName(key));
        }
    }

    private static String receiver(Path demo) {
        return Files.isDirectory(demo)
                ? "file:" + demo.resolve("*.camel.yaml")
                : "classpath:" + BuiltIn.FOLDER + "demo/receiver.camel.yaml";
    }

    private static String seed(Path demo) {
        Path seed = demo.resolve("orders.sql");
        return Files.exists(seed) ? seed.toString() : "classpath:" + BuiltIn.FOLDER + "demo/orders.sql";
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BadInputException("--demo: no port is free for the receiver: " + e.getMessage(), e);
        }
    }
}

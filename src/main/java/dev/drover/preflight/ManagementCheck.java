package dev.drover.preflight;

import dev.drover.pages.Finding;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;

/** Whether the management port, if it is switched on, is open to nobody but those who may use it. */
final class ManagementCheck {

    private static final String TOKEN = "drover.management.token";

    private final CamelContext context;
    private final RoutesFolder folder;

    /** Of a context that has loaded its routes and is not started. */
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
        if (!isLoopback(server.getHost()) && token().isBlank()) {
            findings.add(folder.finding(
                    TOKEN,
                    "is needed, because drover.management.host " + server.getHost()
                            + " is open to others; set it by the environment variable DROVER_MANAGEMENT_TOKEN, or set"
                            + " the host to 127.0.0.1"));
        }
        MainHttpServer other = context.hasService(MainHttpServer.class);
        if (other != null && other.getPort() == server.getPort()) {
            findings.add(folder.finding(
                    "drover.management.port",
                    server.getPort() + " is the port of the routes (camel.server.port) too; set another one"));
        }
        return findings;
    }

    private String token() {
        return context.resolvePropertyPlaceholders("{{" + TOKEN + ":}}");
    }

    /** A name that is not known now could be any address. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

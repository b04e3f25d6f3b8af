package dev.drover.delivery;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ContextServicePlugin;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names by {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, for all HTTP
 * requests of this process. Without these variables the system properties of Java hold. Requests to loopback use no
 * proxy. Every Camel context installs it by itself. Immutable.
 */
public final class Proxies extends ProxySelector implements ContextServicePlugin {

    private static final List<String> NAMES = List.of("HTTPS_PROXY", "HTTP_PROXY");

    private final Map<String, String> environment;
    private final @Nullable ProxySelector others;

    /** The proxies of the environment of this process. */
    public Proxies() {
        this(System.getenv(), ProxySelector.getDefault());
    }

    Proxies(Map<String, String> environment, @Nullable ProxySelector others) {
        this.environment = environment;
        this.others = others;
    }

    @Override
    public void load(CamelContext context) {
        if (!(ProxySelector.getDefault() instanceof Proxies)
                && NAMES.stream().anyMatch(name -> !value(name).isEmpty())) {
            ProxySelector.setDefault(this);
        }
    }

    /** The problems by the name of their variable, without its value, which may have a password. */
    public Map<String, String> problems() {
        return NAMES.stream()
                .filter(name -> !value(name).isEmpty() && proxy(value(name)).isEmpty())
                .collect(Collectors.toMap(
                        name -> name,
                        name -> "is not an address of a proxy; allowed is one like http://proxy.example:3128, without a"
                                + " user and a password"));
    }

    private String value(String name) {
        return environment
                .getOrDefault(name, environment.getOrDefault(name.toLowerCase(Locale.ROOT), ""))
                .trim();
    }

    private static Optional<InetSocketAddress> proxy(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            return Optional.of(uri)
                    .filter(found -> "http".equalsIgnoreCase(found.getScheme()))
                    .filter(found -> found.getHost() != null && found.getUserInfo() == null)
                    .map(found -> InetSocketAddress.createUnresolved(
                            found.getHost(), found.getPort() < 0 ? 80 : found.getPort()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<Proxy> select(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        if (scheme.startsWith("http")) {
            Optional<InetSocketAddress> named = proxy(value(scheme.toUpperCase(Locale.ROOT) + "_PROXY"));
            if (named.isPresent()) {
                return List.of(isDirect(host) ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, named.get()));
            }
        }
        return others == null ? List.of(Proxy.NO_PROXY) : others.select(uri);
    }

    private boolean isDirect(String host) {
        return host.equals("localhost")
                || host.startsWith("127.")
                || host.equals("[::1]")
                || Stream.of(value("NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+"))
                        .map(name -> name.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", ""))
                        .anyMatch(name -> name.equals("*")
                                || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name))));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        if (others != null) {
            others.connectFailed(uri, address, failure);
        }
    }
}

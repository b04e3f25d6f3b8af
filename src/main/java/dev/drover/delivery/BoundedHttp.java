package dev.drover.delivery;

import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.socket.ConnectionSocketFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.Registry;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;

/**
 * Lets Camel's components {@code http} and {@code https} give up an answer whose header has no end. The client keeps a
 * header in memory, and Camel has no option for its size. Every Camel context loads this plugin.
 */
public final class BoundedHttp implements ContextServicePlugin {

    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxLineLength(1 << 16)
            .setMaxHeaderCount(1000)
            .build();

    @Override
    public void load(CamelContext context) {
        for (String scheme : new String[] {"http", "https"}) {
            context.getRegistry().bind(scheme + "-component", HttpComponent.class, Limited::new);
        }
    }

    private static final class Limited extends HttpComponent {

        @Override
        @SuppressWarnings("deprecation") // Camel has these types in the signature
        protected HttpClientConnectionManager createConnectionManager(
                Registry<ConnectionSocketFactory> sockets, int connections, int ofHost, SocketConfig settings) {
            PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager(
                    sockets,
                    PoolConcurrencyPolicy.STRICT,
                    TimeValue.ofMilliseconds(getConnectionTimeToLive()),
                    ManagedHttpClientConnectionFactory.builder()
                            .http1Config(LIMITS)
                            .build());
            pool.setDefaultSocketConfig(settings);
            pool.setMaxTotal(connections > 0 ? connections : getMaxTotalConnections());
            pool.setDefaultMaxPerRoute(ofHost > 0 ? ofHost : getConnectionsPerRoute());
            return pool;
        }
    }
}

package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy is asked for an address. */
public class ProxiesTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HTTPS_PROXY", "http://secure.example:3128",
            "http_proxy", "plain.example",
            "NO_PROXY", "intern.example, .corp.example,*.lab.example");

    /** The proxies of an environment other than the one of this process. */
    public static ProxySelector of(Map<String, String> environment) {
        return new Proxies(environment, null);
    }

    @ParameterizedTest
    @CsvSource({
        "https://billing.example/orders, secure.example, 3128",
        "http://billing.example/orders, plain.example, 80",
        "http://myintern.example/, plain.example, 80"
    })
    void shouldAskTheProxyOfTheScheme(URI address, String host, int port) {
        assertThat(of(ENVIRONMENT).select(address))
                .containsExactly(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://intern.example/",
                "https://a.intern.example/",
                "https://corp.example/",
                "https://a.corp.example/",
                "https://x.lab.example/",
                "http://localhost:8080/",
                "http://127.0.0.1:1/",
                "http://[::1]/",
                "socket://database.example:5432"
            })
    void shouldAskNoProxy(URI address) {
        assertThat(of(ENVIRONMENT).select(address)).containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://ann:secret@proxy.example:3128", "socks5://proxy.example", "http://a b"})
    void shouldNameAVariableThatIsNoProxyWithoutItsValue(String value) {
        assertThat(new Proxies(Map.of("HTTPS_PROXY", value), null).problems())
                .hasEntrySatisfying("HTTPS_PROXY", words -> assertThat(words)
                        .startsWith("is not an address of a proxy")
                        .doesNotContain("secret"));
    }

    @Test
    void shouldFindNothingWrongWithAnEnvironmentThatIsRight() {
        assertThat(new Proxies(ENVIRONMENT, null).problems()).isEmpty();
    }
}

package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    @ParameterizedTest
    @CsvSource({
        "*.tenants.example, http://one.tenants.example/hook",
        "*.tenants.example, https://a.b.TENANTS.example:8443/",
        "'api.example, other.example', https://other.example/",
        "203.0.113.7, http://203.0.113.7/"
    })
    void shouldLetAHostPassThatIsOnTheList(String hosts, String address) {
        AllowedHosts allowed = AllowedHosts.NONE.withHosts(hosts);

        assertThatCode(() -> allowed.check(URI.create(address))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "*.tenants.example, http://tenants.example/",
        "*.tenants.example, http://eviltenants.example/",
        "*.tenants.example, http://one.tenants.example.evil.example/",
        "*.tenants.example, http://one.tenants.example@evil.example/",
        "api.example, http://api.example./"
    })
    void shouldRefuseAHostThatIsNot(String hosts, String address) {
        AllowedHosts allowed = AllowedHosts.NONE.withHosts(hosts);

        assertThatThrownBy(() -> allowed.check(URI.create(address))).hasMessageContaining("not in allowedHosts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1"
            })
    void shouldRefuseAPrivateNetworkUnlessItIsAllowed(String host) {
        AllowedHosts allowed = AllowedHosts.NONE.withHosts(host);
        URI address = URI.create("http://" + host + "/");

        assertThatThrownBy(() -> allowed.check(address)).hasMessageContaining("private network");
        assertThatCode(() -> allowed.withPrivate(true).check(address)).doesNotThrowAnyException();
    }
}

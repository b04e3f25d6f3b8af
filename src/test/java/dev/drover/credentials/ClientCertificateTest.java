package dev.drover.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.drover.config.Problem;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.RawServer;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two real TLS servers, each of which lets in one client only. */
@Integration
class ClientCertificateTest {

    private static final String PASSWORD = "p4ssword-of-the-file";

    @TempDir
    static Path keys;

    private static String password;

    private final List<HttpsServer> servers = new ArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        password = "file:" + Files.writeString(keys.resolve("password"), PASSWORD + "\n");
        generate("server", "-validity", "2", "-ext", "san=ip:127.0.0.1");
        generate("billing", "-validity", "2");
        generate("mailing", "-validity", "2");
        generate("expired", "-startdate", "-3d", "-validity", "1");
        for (String name : List.of("server", "mailing", "expired")) {
            KeyStore store = load(name);
            pem(name + ".crt", "CERTIFICATE", store.getCertificate(name).getEncoded());
            pem(
                    name + ".key",
                    "PRIVATE KEY",
                    store.getKey(name, PASSWORD.toCharArray()).getEncoded());
        }
    }

    @AfterEach
    void close() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void shouldShowEachDestinationItsOwnCertificateWhenThereAreTwo() throws Exception {
        // Given
        String billing = serverFor("billing");
        String mailing = serverFor("mailing");
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("billingTls", pkcs12("billing.p12"));
            camel.getRegistry().bind("mailingTls", pem("mailing.crt", "mailing.key"));
            camel.start();
            ProducerTemplate template = camel.createProducerTemplate();

            // When
            String one = template.requestBody(billing + "?sslContextParameters=#billingTls", "[]", String.class);
            String other = template.requestBody(mailing + "?sslContextParameters=#mailingTls", "[]", String.class);

            // Then
            assertThat(one).isEqualTo("CN=billing");
            assertThat(other).isEqualTo("CN=mailing");
            assertThatThrownBy(() -> template.requestBody(mailing + "?sslContextParameters=#billingTls", "[]"))
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"billing", "mailing"})
    void shouldDeliverOnlyToTheDestinationThatKnowsItsCertificateWhenAPipelineRuns(String known) throws Exception {
        // Given
        Database source = Database.h2().orders(1, 30);
        try (Drover drover = Drover.reading(source)) {
            drover.file(overTls())
                    .file(certificate())
                    .set("drover.orders.url", serverFor(known))
                    .sizes(30, 10, 30)
                    .draining();

            // When
            drover.start();
            if (known.equals("billing")) {
                drover.awaitEnd();
            } else {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> drover.pipeline("orders").ledger().holder().isPresent());
            }
            drover.stop();
        }

        // Then
        assertThat(received).hasSize(known.equals("billing") ? 3 : 0);
        assertThat(source.column("SELECT settled FROM drover_checkpoint"))
                .containsExactly(known.equals("billing") ? "30" : "0");
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
    }

    @Test
    void shouldDivideABatchWhenItIsRefusedOverTlsWhileItIsSent() throws Exception {
        // Given
        String hasty = "HTTP/1.1 413 Too large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        Database source = Database.h2().orders(1, 120);
        AtomicInteger accepted = new AtomicInteger();
        try (Logs logs = new Logs();
                RawServer server =
                        RawServer.startHasty(tls("billing").getServerSocketFactory(), 2 << 20, hasty, body -> {
                            accepted.addAndGet(body.split("\"id\":", -1).length - 1);
                            return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
                        });
                Drover drover = Drover.reading(source)) {
            drover.file(overTls().replace("SELECT id, ", "SELECT id, REPEAT('x', 60000) AS filler, "))
                    .file(certificate())
                    .set("drover.orders.url", server.url().replace("http:", "https:"))
                    .sizes(120, 120, 120)
                    .draining();

            // When
            drover.run();

            // Then
            assertThat(logs.warnings()).noneMatch(line -> line.contains("without an answer"));
        }
        assertThat(accepted).hasValue(120);
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
    }

    @Test
    void shouldAcceptNothingByASecondAnswerOverTls() throws Exception {
        // Given
        String more = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        Database source = Database.h2().orders(1, 180);
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        try (RawServer server = RawServer.startKeeping(tls("billing").getServerSocketFactory(), body -> {
                    boolean refuses = requests.getAndIncrement() % 2 == 1;
                    accepted.addAndGet(refuses ? 0 : body.split("\"id\":", -1).length - 1);
                    return (refuses ? more.replace("200 OK", "503 No") : more) + more;
                });
                Drover drover = Drover.reading(source)) {
            drover.file(overTls())
                    .file(certificate())
                    .set("drover.orders.url", server.url().replace("http:", "https:"))
                    .set("drover.delivery.parallelism", 1)
                    .sizes(180, 60, 180)
                    .draining();

            // When
            drover.run();
        }

        // Then
        assertThat(accepted).hasValue(180);
        assertThat(requests).hasValue(5);
    }

    @Test
    void shouldHaveNothingToSayWhenTheFilesAreRight() {
        assertThat(pkcs12("billing.p12").problems()).isEmpty();
        assertThat(pkcs12("billing.p12").missing()).isEmpty();
        assertThat(pem("mailing.crt", "mailing.key").problems()).isEmpty();
        assertThat(pem("mailing.crt", "mailing.key").missing()).isEmpty();
    }

    @Test
    void shouldNameTheFileWhenItCanNotBeUsed() throws IOException {
        // Given
        Files.writeString(
                keys.resolve("rsa.key"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        ClientCertificate wrong = pkcs12("billing.p12");
        wrong.setPassword("file:" + Files.writeString(keys.resolve("wrong"), "another"));

        // Then
        assertMissing(wrong, "keyStore", "the password does not open the file " + keys.resolve("billing.p12"));
        assertMissing(pkcs12("none.p12"), "keyStore", "there is no file " + keys.resolve("none.p12") + "; mount it");
        assertMissing(
                pkcs12("mailing.crt"),
                "keyStore",
                "the file " + keys.resolve("mailing.crt") + " is not a PKCS #12 key store");
        assertMissing(
                pkcs12("expired.p12"),
                "keyStore",
                "the certificate in the file " + keys.resolve("expired.p12") + " expired at ");
        assertMissing(
                pem("expired.crt", "expired.key"),
                "certificate",
                "the certificate in the file " + keys.resolve("expired.crt") + " expired at ");
        assertMissing(
                pem("mailing.crt", "mailing.crt"),
                "certificate",
                "the file " + keys.resolve("mailing.crt") + " has no private key in PEM");
        assertMissing(
                pem("mailing.key", "mailing.key"), "certificate", "the file " + keys.resolve("mailing.key") + " ");
        assertMissing(
                pem("mailing.crt", "rsa.key"),
                "certificate",
                "the private key in the file " + keys.resolve("rsa.key") + " is not plain PKCS #8");
        assertMissing(
                pem("mailing.crt", "expired.key"),
                "certificate",
                "the key in the file " + keys.resolve("expired.key") + " does not belong to the certificate");
    }

    @Test
    void shouldAskForOneWayWhenNoneOrBothAreGiven() {
        // Given
        ClientCertificate both = pkcs12("billing.p12");
        both.setKey("mailing.key");

        // Then
        assertThat(new ClientCertificate().problems())
                .extracting(Problem::property)
                .containsExactly("certificate", "key");
        assertThat(both.problems()).extracting(Problem::property).containsExactly("keyStore");
    }

    private static RouteFile overTls() {
        return RouteFile.of("routes/orders.camel.yaml")
                .replace("httpMethod: POST", "httpMethod: POST\n              sslContextParameters: \"#tls\"");
    }

    private static RouteFile certificate() {
        return new RouteFile(
                "tls.camel.yaml",
                """
                - beans:
                    - name: tls
                      type: dev.drover.credentials.ClientCertificate
                      properties:
                        keyStore: %s
                        password: "%s"
                        trusted: %s
                """
                        .formatted(keys.resolve("billing.p12"), password, keys.resolve("server.crt")));
    }

    private static void assertMissing(ClientCertificate certificate, String property, String message) {
        assertThat(certificate.missing()).singleElement().satisfies(problem -> {
            assertThat(problem.property()).isEqualTo(property);
            assertThat(problem.message()).startsWith(message).doesNotContain("another", PASSWORD);
        });
    }

    private static ClientCertificate pkcs12(String file) {
        ClientCertificate certificate = new ClientCertificate();
        certificate.setKeyStore(keys.resolve(file).toString());
        certificate.setPassword(password);
        certificate.setTrusted(keys.resolve("server.crt").toString());
        return certificate;
    }

    private static ClientCertificate pem(String file, String key) {
        ClientCertificate certificate = new ClientCertificate();
        certificate.setCertificate(keys.resolve(file).toString());
        certificate.setKey(keys.resolve(key).toString());
        certificate.setTrusted(keys.resolve("server.crt").toString());
        return certificate;
    }

    /** Answers with the name of the client that it let in. */
    private String serverFor(String client) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(server);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(client)) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] name = ((HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, name.length);
            exchange.getResponseBody().write(name);
            exchange.close();
        });
        server.start();
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static SSLContext tls(String client) throws GeneralSecurityException, IOException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(load("server"), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(client, load(client).getCertificate(client));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore load(String name) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void pem(String file, String kind, byte[] encoded) throws IOException {
        Files.writeString(
                keys.resolve(file),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END " + kind
                        + "-----\n");
    }

    private static void generate(String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.resolve(name + ".p12").toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }
}

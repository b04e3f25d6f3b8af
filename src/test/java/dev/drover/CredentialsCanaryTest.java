package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.standardwebhooks.Webhook;
import dev.drover.cli.Main;
import dev.drover.testing.Database;
import dev.drover.testing.Site;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * A whole run with each credential, against a destination that repeats what it was sent in answers of 401, 400 and 200;
 * then the secret is looked for in everything that can be read afterwards.
 */
class CredentialsCanaryTest {

    private static final String SECRET = "c4nary+/=~of:the?mine";
    private static final String TOKEN = "t0ken/+~of=the-m1ne";
    private static final String KEY =
            Base64.getEncoder().encodeToString("c4nary of the mine, 24 b".getBytes(StandardCharsets.UTF_8));

    /** Where Camel handles requests, answers and failures; all of Camel would take a minute. */
    private static final List<String> TRACED =
            List.of("org.apache.camel.component.http", "org.apache.camel.processor", "org.apache.camel.http");

    private final Site site = new Site().answers(this::answer);
    private final Site login = new Site()
            .answers(request -> Site.Answer.of(200, "{\"access_token\":\"" + TOKEN + "\",\"expires_in\":3600}"));
    private final Database source = Database.h2().orders(1, 30);
    private final AtomicInteger refused = new AtomicInteger();
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getLoggerName() + " " + event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                logged.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
    };

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        appender.setContext(logger(Logger.ROOT_LOGGER_NAME).getLoggerContext());
        appender.start();
        logger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        logger(Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);
        logger("dev.drover").setLevel(Level.DEBUG);
        TRACED.forEach(name -> logger(name).setLevel(Level.TRACE));
    }

    @AfterEach
    void close() {
        logger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        logger("dev.drover").setLevel(Level.INFO);
        TRACED.forEach(name -> logger(name).setLevel(null));
        logger(Logger.ROOT_LOGGER_NAME).detachAppender(appender);
        site.close();
        login.close();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            textBlock =
                    """
                    BasicCredentials,  `username: drover, password: REFERENCE`,                  Authorization
                    BearerToken,       token: REFERENCE,                                         Authorization
                    ApiKey,            `header: X-Billing, key: REFERENCE`,                      X-Billing
                    ClientCredentials, `tokenUrl: LOGIN, clientId: drover, clientSecret: REFERENCE`, Authorization
                    WebhookSignature,  secrets: REFERENCE,                                       webhook-signature
                    """)
    void shouldShowNoSecretAnywhereWhenTheDestinationRepeatsIt(String type, String properties, String header)
            throws IOException {
        // Given
        String secret = type.equals("WebhookSignature") ? "whsec_" + KEY : SECRET;
        Path file = Files.writeString(folder.resolve("secret"), secret + "\n");
        write(type, properties.replace("REFERENCE", "\"file:" + file + "\"").replace("LOGIN", login.url()));

        // When
        StringWriter shown = new StringWriter();
        int planned = drover(shown, "plan", "--limit", "20");
        int exitCode = drover(shown, "run", "--drain");
        drover(shown, "status");
        drover(shown, "dead-letters", "list");

        // Then
        assertThat(planned).as(shown.toString()).isZero();
        assertThat(exitCode).as(shown.toString()).isZero();
        List<String> sent = site.requests().stream()
                .map(request -> request.header(header).orElseThrow())
                .toList();
        List<String> letters = source.column("SELECT CONCAT(reason, ' ', payload) FROM drover_dead_letter");
        assertThat(letters)
                .singleElement()
                .asString()
                .startsWith("status 400: ")
                .contains("****");
        assertThat(refused).hasValue(1);
        if (type.equals("WebhookSignature")) {
            assertThat(site.requests()).hasSizeGreaterThan(3).allSatisfy(request -> verify(secret, request));
        }
        String everything = String.join("\n", letters) + "\n" + String.join("\n", logged) + "\n" + shown
                + source.column("SELECT status_json FROM drover_status");
        String[] canaries = canaries(secret, sent);
        assertThat(logged).anyMatch(line -> line.contains("component.http.HttpProducer"));
        assertThat(everything.lines().filter(line -> Arrays.stream(canaries).anyMatch(line::contains)))
                .isEmpty();
    }

    /** With the reference library: each batch, each half of it and each of their attempts. */
    private static void verify(String secret, Site.Request request) throws Exception {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        new Webhook(secret).verify(request.text(), headers);
        assertThat(request.header("webhook-id")).isEqualTo(request.header("Idempotency-Key"));
    }

    /** The secrets as they are given, and the parts of the headers that carried them. */
    private static String[] canaries(String secret, List<String> sent) {
        return Stream.concat(
                        Stream.of(secret, TOKEN, KEY),
                        sent.stream().flatMap(value -> Arrays.stream(value.split("[ ,]"))))
                .filter(text -> text.length() > 8)
                .distinct()
                .flatMap(CredentialsCanaryTest::forms)
                .toArray(String[]::new);
    }

    /** Refuses once everything, then the batches with one record; repeats the headers in each answer. */
    private Site.Answer answer(Site.Request request) {
        String echo = request.headers().toString();
        String body = forms(request.header("Authorization")
                        .or(() -> request.header("X-Billing"))
                        .or(() -> request.header("webhook-signature"))
                        .orElse("none"))
                .toList()
                .toString();
        boolean first = refused.compareAndSet(0, 1);
        int status = first ? 401 : request.text().contains("\"id\":13,") ? 400 : 200;
        return new Site.Answer(status, Map.of("X-Echo", echo), (body + echo).getBytes(StandardCharsets.UTF_8));
    }

    private static Stream<String> forms(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                text,
                URLEncoder.encode(text, StandardCharsets.UTF_8),
                HexFormat.of().formatHex(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private void write(String type, String properties) throws IOException {
        Files.writeString(folder.resolve("orders.camel.yaml"), Files.readString(Path.of("routes/orders.camel.yaml")));
        Files.writeString(
                folder.resolve("route-configuration.camel.yaml"),
                Files.readString(Path.of("routes/route-configuration.camel.yaml"))
                        .replace("\"5000\"", "\"50\""));
        Files.writeString(
                folder.resolve("credentials.camel.yaml"),
                "- beans:\n    - name: billing\n      type: dev.drover.credentials." + type
                        + "\n      properties:\n        "
                        + properties.replace(", ", "\n        ")
                        + "\n    - name: destination\n      type: dev.drover.delivery.Destination\n      properties:\n"
                        + "        credentials: \"#billing\"\n");
        Files.write(
                folder.resolve("application.properties"),
                List.of(
                        "drover.source.url = " + source.url(),
                        "drover.source.username = " + source.username(),
                        "drover.source.consistency = STATIC",
                        "drover.store.url = " + source.url(),
                        "drover.store.username = " + source.username(),
                        "drover.orders.url = " + site.url() + "orders",
                        "drover.orders.batchSize = 10",
                        "camel.server.enabled = false"));
    }

    private int drover(StringWriter shown, String... command) {
        PrintWriter out = new PrintWriter(shown, true);
        return Main.commandLine()
                .setOut(out)
                .setErr(out)
                .execute(Stream.concat(Arrays.stream(command), Stream.of("--routes", folder.toString()))
                        .toArray(String[]::new));
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}

package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of many addresses some are dead and some are slow: the others go on as before, and nothing is lost or out of order. */
@Integration
class ParkedAddressesTest {

    private static final int BATCH = 10;
    private static final long HEALTHY_MILLIS = 5;

    private final ExecutorService threads = Executors.newFixedThreadPool(32);
    private final Map<Integer, List<Integer>> received = new HashMap<>();
    private HttpServer server;
    private volatile int bad;
    private volatile long slowMillis;
    private volatile boolean dead = true;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void shouldDeliverAllInOrderWhenFewOfAHundredAddressesAreDeadOrSlow() {
        simulate(100, 1, 2, 500);
    }

    /** Prints the figure that the page on delivery states. */
    @Tag("full")
    @Test
    void shouldDeliverAllInOrderWhenTenOfAThousandAddressesAreDeadAndTenAreSlow() {
        double before = again(0, 0);
        double with = again(10, 2_000);
        double without = Math.max(before, again(0, 0));
        System.out.printf(
                "the others got %.0f records a second without bad addresses, %.0f with them: %.0f %%%n",
                without, with, 100 * with / without);
    }

    private double again(int some, long millis) {
        received.clear();
        dead = true;
        return simulate(1_000, some, 15, millis);
    }

    /**
     * Addresses 0 to {@code some} - 1 are dead, as many after them are slow.
     *
     * @param rounds the number of batches of each address
     * @return how many records a second the others got
     */
    private double simulate(int addresses, int some, int rounds, long millis) {
        // Given
        bad = some;
        slowMillis = millis;
        int rows = addresses * rounds * BATCH;
        int others = (addresses - 2 * some) * rounds * BATCH;
        Database source = Database.h2().orders(1, rows);
        // a page of all addresses after the other, as tenants write at the same time
        source.run("UPDATE orders SET customer = CONCAT('', MOD(id, " + addresses + "))");
        try (Drover drover = Drover.reading(source)
                .set(
                        "drover.orders.url",
                        "http://127.0.0.1:" + server.getAddress().getPort())
                .set("drover.delivery.parallelism", 16)
                .set("camel.component.http.connectionsPerRoute", 64)
                .file(new RouteFile(
                        "parked.camel.yaml",
                        """
                        - beans:
                            - name: tenants
                              type: dev.drover.delivery.Destination
                              properties:
                                parkAfter: 1s
                                closeAfter: 0
                        - route:
                            id: tenants
                            routeConfigurationId: records
                            from:
                              uri: kamelet:drover-follow-source
                              parameters:
                                table: orders
                                delay: 100ms
                                pageSize: %d
                                maxInFlight: %d
                              steps:
                                - to:
                                    uri: kamelet:drover-http-sink
                                    parameters:
                                      url: "{{drover.orders.url}}/${body[customer]}"
                                      batchSize: %d
                                      destination: tenants
                        """
                                .formatted(addresses * BATCH, 2 * addresses * BATCH, BATCH)))) {

            // When
            drover.start();
            await().pollInterval(Duration.ofMillis(10)).until(() -> count(2 * some, addresses) > 0);
            long began = System.nanoTime();
            await().atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> count(2 * some, addresses) >= others);
            double rate = others / ((System.nanoTime() - began) / 1e9);

            // Then
            assertThat(count(0, some)).as("at dead addresses").isZero();
            await().until(() -> drover.checkpoint().contains(String.valueOf(rows)));

            // When
            dead = false;
            slowMillis = 0;
            await().atMost(Duration.ofMinutes(3)).until(() -> count(0, addresses) >= rows);

            // Then
            assertThat(received).hasSize(addresses).allSatisfy((address, ids) -> assertThat(ids)
                    .hasSize(rounds * BATCH)
                    .doesNotHaveDuplicates()
                    .isSorted());
            return rate;
        }
    }

    private int count(int from, int to) {
        synchronized (received) {
            return received.entrySet().stream()
                    .filter(each -> each.getKey() >= from && each.getKey() < to)
                    .mapToInt(each -> each.getValue().size())
                    .sum();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode records = new ObjectMapper().readTree(exchange.getRequestBody());
        int address = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
        boolean slow = address >= bad && address < 2 * bad;
        boolean refused = address < bad && dead;
        pause(slow ? Math.max(slowMillis, HEALTHY_MILLIS) : HEALTHY_MILLIS);
        if (!refused) {
            synchronized (received) {
                List<Integer> ids = received.computeIfAbsent(address, any -> new ArrayList<>());
                records.forEach(record -> ids.add(record.path("id").asInt()));
            }
        }
        exchange.sendResponseHeaders(refused ? 503 : 200, -1);
        exchange.close();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

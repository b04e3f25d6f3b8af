package dev.drover.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.ledger.Ledger;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the route hears of an alarm and of its end, by a clock that the test moves. */
@Integration
class AlarmTimesTest {

    private final List<String> told = new ArrayList<>();
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(Database.h2().orders(1, 10))
            .file(RouteFile.of("routes/orders.camel.yaml"))
            .sendingTo(receiver);
    private boolean fails;
    private long nanos;
    private Ledger ledger;
    private Alarms alarms;

    @BeforeEach
    void start() throws Exception {
        drover.start();
        drover.awaitSettled();
        drover.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Alarms.ROUTE).process(exchange -> {
                    if (fails) {
                        throw new IllegalStateException("no connection");
                    }
                    Map<?, ?> alarm = exchange.getMessage().getBody(Map.class);
                    told.add(alarm.get("state") + ": " + alarm.get("reason") + "; " + alarm.get("command"));
                });
            }
        });
        ledger = drover.pipeline("orders").ledger();
        PagesComponent pages = drover.context().getComponent("pages", PagesComponent.class);
        alarms = new Alarms(drover.context(), pages, Duration.ofSeconds(8), () -> nanos);
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldTellAnAlarmOnceAndItsEndAfterAWhile() {
        // When
        ledger.faults().refused("status 401");
        look(0);
        ledger.faults().refused("status 403");
        look(1);
        ledger.faults().accepted();
        look(2);
        ledger.faults().refused("status 401");
        look(3);
        ledger.faults().accepted();
        look(12);

        // Then
        assertThat(told).containsExactly("alarmed: the destination does not accept: status 401; drover doctor");

        // When
        look(13);
        look(60);

        // Then
        assertThat(told).hasSize(2).last().isEqualTo("recovered: the problem is over; drover doctor");
    }

    @Test
    void shouldTellTheHaltWhenAnAlarmWasToldBefore() {
        // Given
        ledger.faults().refused("status 401");
        look(0);

        // When
        ledger.halt("the disk is full");
        await().until(() -> drover.pipeline("orders").state() == Pipeline.State.HALTED);
        look(1);
        look(2);

        // Then
        assertThat(told).hasSize(2).last().asString().startsWith("halted: ").endsWith("drover status");
    }

    @Test
    void shouldTellAnAlarmAgainWhenTheRouteHasFailed() {
        // Given
        fails = true;
        ledger.faults().refused("more than 50 % of the last records became dead letters");

        // When
        look(0);
        fails = false;
        look(9);

        // Then
        assertThat(told).isEmpty();

        // When
        look(10);
        look(20);

        // Then
        assertThat(told)
                .containsExactly("alarmed: the destination does not accept: more than 50 % of the last records became"
                        + " dead letters; drover dead-letters list --pipeline orders");
    }

    @Test
    void shouldTellWhatEndsByItselfAfterAMinuteOnly() {
        // Given
        ledger.faults().storeFailed("the table is locked");

        // When
        look(0);
        look(59);
        ledger.faults().storeWorks();
        look(60);
        ledger.faults().storeFailed("the table is locked");
        look(61);
        look(120);

        // Then
        assertThat(told).isEmpty();

        // When
        look(121);

        // Then
        assertThat(told)
                .containsExactly("alarmed: the store does not take a dead letter: the table is locked; drover doctor");
    }

    @Test
    void shouldTellNoEndWhenTheUserStopsThePipeline() throws Exception {
        // When
        ledger.faults().refused("status 401");
        look(0);
        drover.context().getRouteController().stopRoute("orders");
        ledger.faults().accepted();
        look(30);

        // Then
        assertThat(told).hasSize(1);
    }

    private void look(int second) {
        nanos = Duration.ofSeconds(second).toNanos();
        alarms.look();
    }
}

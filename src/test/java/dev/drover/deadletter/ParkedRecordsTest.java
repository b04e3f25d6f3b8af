package dev.drover.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.Sql;
import dev.drover.batch.Batch;
import dev.drover.batch.BatchFixture;
import dev.drover.batch.Parking;
import dev.drover.ledger.FlakyStore;
import dev.drover.ledger.SettlementException;
import dev.drover.store.StoreSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParkedRecordsTest {

    private static final Parking.Place PLACE = new Parking.Place("deliver", "http://service");
    private static final int LIMIT = 2;

    private final BatchFixture pipeline = new BatchFixture("orders");
    private final FlakyStore store = new FlakyStore(Sql.newH2());
    private final CamelContext context = new DefaultCamelContext();
    private final ParkedRecords records = new ParkedRecords();
    private final List<List<?>> sent = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("store", store);
        context.getExecutorServiceManager()
                .registerThreadPoolProfile(
                        new ThreadPoolProfileBuilder("delivery").poolSize(2).build());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:deliver").routeId("deliver").process(exchange -> {
                    Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
                    sent.add(batch.bodies());
                    batch.delivered(batch.items(), "post");
                });
            }
        });
        context.start();
        records.setCamelContext(context);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldRecoverAtALaterTryWhenTheStoreCannotBeUsedAtTheFirst() throws Exception {
        // Given
        assertThatThrownBy(() -> records.recover(pipeline.ledger())).isInstanceOf(SQLException.class);
        assertThat(records.knows(pipeline.ledger())).isFalse();

        // When
        StoreSchema.migrate(store);

        // Then
        assertThat(records.recover(pipeline.ledger())).isTrue();
        assertThat(records.knows(pipeline.ledger())).isTrue();
    }

    @Test
    void shouldSendParkedRecordsOnceWhenRecoveryIsTriedAgain() throws Exception {
        // Given
        recover();
        assertThat(park("a", 1, 2)).isTrue();

        // When
        assertThat(records.recover(pipeline.ledger())).isTrue();

        // Then
        await().until(() -> sent.size() == 1);
        await().during(Duration.ofSeconds(2)).until(() -> sent.size() == 1);
    }

    @Test
    void shouldDeliverParkedRecordsWhenAllBeforeThemWereDelivered() throws Exception {
        // Given
        recover();
        assertThat(park("a", 1, 2)).isTrue();
        Batch next = pipeline.batch("a", 3);
        await().until(() -> !records.isBehind(next, PLACE.route()));

        // When
        assertThat(records.park(next, PLACE, LIMIT)).isTrue();

        // Then
        await().until(() -> !records.isBehind(next, PLACE.route()));
        assertThat(sent).hasSize(2);
        assertThat(pipeline.ledger().tally().parked()).isZero();
    }

    @Test
    void shouldNotAskTheStoreWhenTheLimitIsReached() throws Exception {
        // Given
        recover();
        assertThat(park("a", 1, 2)).isTrue();

        // When
        store.is(FlakyStore.Mood.GONE);

        // Then
        assertThat(park("b", 3)).isFalse();
    }

    @Test
    void shouldSettleABatchThatIsStoredAlreadyWhenTheLimitIsReached() throws Exception {
        // Given
        recover();
        Batch unheard = pipeline.batch("a", 1, 2);
        store.is(FlakyStore.Mood.LOSES_ANSWERS);
        assertThatThrownBy(() -> records.park(unheard, PLACE, LIMIT)).isInstanceOf(SettlementException.class);
        store.is(FlakyStore.Mood.WELL);
        assertThat(park("b", 3, 4)).isTrue();

        // When
        assertThat(records.park(unheard, PLACE, LIMIT)).isTrue();

        // Then
        assertThat(unheard.unsettled()).isZero();
        assertThat(Sql.lines(store, "SELECT cursor_json FROM drover_dead_letter"))
                .hasLineCount(4);
        assertThat(park("c", 5)).isFalse();
    }

    private void recover() throws Exception {
        StoreSchema.migrate(store);
        Sql.run(
                store,
                "INSERT INTO drover_checkpoint (pipeline, settled, epoch, updated_at)"
                        + " VALUES ('orders', 0, 0, CURRENT_TIMESTAMP)");
        assertThat(records.recover(pipeline.ledger())).isTrue();
    }

    private boolean park(String lane, int... ids) {
        return records.park(pipeline.batch(lane, ids), PLACE, LIMIT);
    }
}

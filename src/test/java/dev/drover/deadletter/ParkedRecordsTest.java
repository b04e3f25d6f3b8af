package dev.drover.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.batch.BatchFixture;
import dev.drover.ledger.Ledger;
import dev.drover.store.StoreSchema;
import java.sql.SQLException;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class ParkedRecordsTest {

    private final Ledger ledger = new BatchFixture("orders").ledger();

    @Test
    void shouldRecoverAtALaterTryWhenTheStoreCannotBeUsedAtTheFirst() throws Exception {
        // Given
        JdbcDataSource store = new JdbcDataSource();
        store.setURL("jdbc:h2:mem:parked-records;DB_CLOSE_DELAY=-1");
        CamelContext context = new DefaultCamelContext();
        try {
            context.getRegistry().bind("store", store);
            context.getExecutorServiceManager()
                    .registerThreadPoolProfile(
                            new ThreadPoolProfileBuilder("delivery").poolSize(2).build());
            ParkedRecords records = new ParkedRecords();
            records.setCamelContext(context);
            assertThatThrownBy(() -> records.recover(ledger)).isInstanceOf(SQLException.class);
            assertThat(records.knows(ledger)).isFalse();

            // When
            StoreSchema.migrate(store);

            // Then
            assertThat(records.recover(ledger)).isTrue();
            assertThat(records.knows(ledger)).isTrue();
        } finally {
            context.stop();
        }
    }
}

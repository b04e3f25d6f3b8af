package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchFixture;
import dev.drover.ledger.RecordOnPage;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeTest {

    private final BatchFixture orders = new BatchFixture("orders");
    private final Outcome outcome = new Outcome();

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void shouldSettleTheBatchWhenItWasAccepted(int status) throws Exception {
        // Given
        Batch batch = orders.batch("a", 1, 2);

        // When
        outcome.settle(answered(status, Batch.PROPERTY, batch));

        // Then
        assertThat(batch.unsettled()).isZero();
        assertThat(orders.ledger().tally().delivered()).isEqualTo(2);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(ints = {100, 199, 300, 302, 404, 500})
    void shouldSettleNothingWhenTheAnswerIsNoAcceptance(@Nullable Integer status) {
        // Given
        Batch batch = orders.batch("a", 1, 2);
        Exchange exchange = answered(status, Batch.PROPERTY, batch);

        // When
        assertThatThrownBy(() -> outcome.settle(exchange)).isInstanceOf(UnsettledException.class);

        // Then
        assertThat(batch.unsettled()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"404, 1, 0", "410, 1, 0", "404, 2, 2", "500, 1, 1"})
    void shouldTakeOnlyALoneRowForDeletedWhenItIsGone(int status, int rows, int unsettled) throws Exception {
        // Given
        Batch batch = orders.batch("a", rows == 1 ? new int[] {1} : new int[] {1, 2});
        Exchange exchange = answered(status, Batch.PROPERTY, batch);
        exchange.setProperty(Outcome.DELETES, true);

        // When
        Throwable thrown = catchThrowable(() -> outcome.settle(exchange));

        // Then
        assertThat(batch.unsettled()).isEqualTo(unsettled);
        assertThat(thrown == null).isEqualTo(unsettled == 0);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(ints = {302, 500})
    void shouldNotLetARecordEndInPlaceWhenTheAnswerIsNoAcceptance(@Nullable Integer status) {
        Exchange exchange = answered(status, RecordOnPage.PROPERTY, record());

        assertThatThrownBy(() -> outcome.settle(exchange)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseToSettleWhenThereIsNothingToSettle() throws Exception {
        Exchange exchange = answered(200, "other", "thing");

        assertThatThrownBy(() -> outcome.settle(exchange))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("neither");
    }

    @Test
    void shouldEndTheAlarmOfABatchWhenTheDestinationAcceptsAgain() throws Exception {
        shouldEndTheAlarm(Batch.PROPERTY, orders.batch("a", 1));
    }

    @Test
    void shouldEndTheAlarmOfARecordWhenTheDestinationAcceptsAgain() throws Exception {
        shouldEndTheAlarm(RecordOnPage.PROPERTY, record());
    }

    private void shouldEndTheAlarm(String property, Object carried) throws Exception {
        // Given
        Exchange refused = answered(401, property, carried);
        refused.setProperty(
                Exchange.EXCEPTION_CAUGHT,
                new HttpOperationFailedException("http://destination", 401, "", null, Map.of(), null));
        new Alarm().process(refused);
        assertThat(orders.ledger().faults().alarm()).contains("status 401");

        // When
        outcome.settle(answered(200, property, carried));

        // Then
        assertThat(orders.ledger().faults().alarm()).isEmpty();
    }

    private RecordOnPage record() {
        return new RecordOnPage(orders.ledger().open(List.of("id"), 1), List.of(Map.of("id", 1)));
    }

    private static Exchange answered(@Nullable Integer status, String property, Object carried) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.setProperty(property, carried);
        return exchange;
    }
}

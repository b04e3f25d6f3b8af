package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private final RetryAfter retryAfter =
            new RetryAfter(Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({"1, 1", "120, 120", "' 7 ', 7", "300, 300", "007, 7"})
    void shouldWaitTheSecondsThatAreAskedFor(String field, long seconds) {
        assertThat(retryAfter.parse(field)).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void shouldWaitUntilTheDateThatIsAskedFor() {
        assertThat(retryAfter.parse("Sun, 22 Nov 2026 12:00:30 GMT")).contains(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "-1",
                "+1",
                "1.5",
                "1s",
                "0",
                "Sun, 22 Nov 2026 11:59:59 GMT",
                "Sun, 22 Nov 2026 12:00:00 GMT",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "Mon, 22 Nov 2026 12:00:30 GMT",
                "2026-11-22T12:00:30Z",
                "١٢"
            })
    void shouldLeaveTheDelayToThePolicyWhenNothingCanBeReadOrItIsPast(String field) {
        assertThat(retryAfter.parse(field)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"301", "999999999", "9999999999", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void shouldWaitTheLongestWhenMoreIsAskedFor(String field) {
        Exchange exchange = refused(Map.of("Retry-After", field));

        retryAfter.process(exchange);

        assertThat(exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY)).isEqualTo(300_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After", "retry-after", "RETRY-AFTER"})
    void shouldFindTheFieldInAnyCase(String name) {
        Exchange exchange = refused(Map.of(name, "3"));

        retryAfter.process(exchange);

        assertThat(exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY)).isEqualTo(3000L);
    }

    @Test
    void shouldForgetAnEarlierDelayWhenTheNextAnswerAsksForNone() {
        Exchange exchange = refused(Map.of());
        exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, 60_000L);

        retryAfter.process(exchange);

        assertThat(exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY)).isNull();
    }

    @Test
    void shouldForgetAnEarlierDelayWhenTheNextFailureIsNoAnswer() {
        Exchange exchange = exchange(new java.net.ConnectException("refused"));
        exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, 60_000L);

        retryAfter.process(exchange);

        assertThat(exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY)).isNull();
    }

    @Test
    void shouldUseTheLongestWaitThatIsSet() {
        retryAfter.setLongest(Duration.ofSeconds(10));
        Exchange exchange = refused(Map.of("Retry-After", "11"));

        retryAfter.process(exchange);

        assertThat(exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY)).isEqualTo(10_000L);
    }

    private static Exchange refused(Map<String, String> headers) {
        return exchange(new HttpOperationFailedException("http://destination", 503, "", null, headers, null));
    }

    private static Exchange exchange(Exception failure) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        return exchange;
    }
}

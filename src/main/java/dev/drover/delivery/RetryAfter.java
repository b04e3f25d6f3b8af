package dev.drover.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits as long as the destination asks: sets the delay before the next attempt from the {@code Retry-After} field of
 * the answer (RFC 9110, 10.2.3: seconds or an HTTP date). Without the field, or with one that can not be read or lies
 * in the past, the delay of the redelivery policy stands. Notes the failed
 * attempt on the batch. To be named as {@code onExceptionOccurredRef}.
 */
public final class RetryAfter implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(RetryAfter.class);

    private final Clock clock;
    private Duration longest = Duration.ofMinutes(5);

    public RetryAfter() {
        this(Clock.systemUTC());
    }

    RetryAfter(Clock clock) {
        this.clock = clock;
    }

    /** The longest wait that a destination may ask for; 5 minutes by default. */
    public void setLongest(Duration longest) {
        this.longest = longest;
    }

    public Duration getLongest() {
        return longest;
    }

    @Override
    public void process(Exchange exchange) {
        Underway.failed(exchange);
        // a delay left from an earlier answer would be used again
        exchange.getMessage().removeHeader(Exchange.REDELIVERY_DELAY);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure instanceof HttpOperationFailedException answer && answer.getResponseHeaders() != null) {
            answer.getResponseHeaders().entrySet().stream()
                    .filter(header -> "Retry-After".equalsIgnoreCase(header.getKey()))
                    .findFirst()
                    .flatMap(header -> parse(header.getValue()))
                    .ifPresent(wait -> exchange.getMessage()
                            .setHeader(Exchange.REDELIVERY_DELAY, capped(wait).toMillis()));
        }
    }

    private Duration capped(Duration wait) {
        if (wait.compareTo(longest) <= 0) {
            return wait;
        }
        LOG.warn(
                "a destination asks to wait {} s, it is tried again after {} s", wait.toSeconds(), longest.toSeconds());
        return longest;
    }

    /** The wait that the field asks for; empty if there is none to be read from it. */
    Optional<Duration> parse(String field) {
        String text = field.trim();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text))).filter(wait -> !wait.isZero());
        }
        if (text.matches("\\d+")) {
            return Optional.of(longest);
        }
        try {
            ZonedDateTime date =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT));
            Duration wait = Duration.between(clock.instant(), date);
            return Optional.of(wait).filter(duration -> !duration.isNegative() && !duration.isZero());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}

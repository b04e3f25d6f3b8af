package dev.drover.console;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows down the guessing of tokens: a wrong token is answered after a second. The right token is answered at once,
 * also while others guess. Thread-safe.
 */
final class Guesses {

    private static final Logger LOG = LoggerFactory.getLogger(Guesses.class);
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private long wrong;
    private long lastWarning = System.nanoTime() - BETWEEN_WARNINGS.toNanos();

    /** Answers a request with a wrong token, later. */
    void answerLater(RoutingContext exchange, Runnable answer) {
        count(exchange);
        exchange.vertx().setTimer(DELAY.toMillis(), any -> {
            if (!exchange.response().closed()) {
                answer.run();
            }
        });
    }

    private synchronized void count(RoutingContext exchange) {
        wrong++;
        if (System.nanoTime() - lastWarning >= BETWEEN_WARNINGS.toNanos()) {
            lastWarning = System.nanoTime();
            LOG.warn(
                    "the management port got {} wrong token(s) since the last such line, the last from {}",
                    wrong,
                    exchange.request().remoteAddress().hostAddress());
            wrong = 0;
        }
    }
}

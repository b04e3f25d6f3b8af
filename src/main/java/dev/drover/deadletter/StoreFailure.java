package dev.drover.deadletter;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.SqlReason;
import dev.drover.store.StoredText;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports why a dead letter cannot be written, for {@code status} and health, until one is written. To be named as
 * {@code onExceptionOccurredRef} in the clause that tries again. If the database refuses the texts, for example because
 * of its character set, the next try has ASCII texts. Thread-safe.
 */
public final class StoreFailure implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(StoreFailure.class);

    /** The error codes of MariaDB for characters that a column cannot hold; it gives them an SQLSTATE of its own. */
    private static final Set<Integer> MARIADB_CHARACTERS = Set.of(1267, 1366, 3988);

    /** A payload of more characters may be longer than a statement that MariaDB takes. */
    private static final int LONG = 1_000_000;

    @Override
    public void process(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        while (cause != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        boolean byItsTexts = cause instanceof SQLException sql
                && (String.valueOf(sql.getSQLState()).startsWith("22")
                        || MARIADB_CHARACTERS.contains(sql.getErrorCode()));
        if (byItsTexts && exchange.getMessage().getBody() instanceof Map<?, ?> columns && inAscii(columns)) {
            return; // the next try has other texts
        }
        Ledger ledger = DeadLetters.ledger(exchange);
        String reason = (cause instanceof SQLException sql ? SqlReason.of(sql) : "it cannot be reached")
                + hint(cause, exchange.getMessage().getBody());
        if (ledger.unstored(reason)) {
            LOG.error(
                    "{}: the store does not take a dead letter, it is tried again and nothing is lost: {}",
                    ledger.pipeline(),
                    reason);
        }
    }

    /** MariaDB may close the connection when a statement is too long; then its answer is lost. */
    private static String hint(@Nullable Throwable cause, @Nullable Object body) {
        boolean isLost = cause instanceof SQLException sql
                && String.valueOf(sql.getSQLState()).startsWith("08");
        int length =
                body instanceof Map<?, ?> columns && columns.get("payload") instanceof String text ? text.length() : 0;
        return isLost && length > LONG
                ? ", at " + length + " characters; on MariaDB, raise max_allowed_packet above that"
                : "";
    }

    /** Returns whether that changes any of them. */
    @SuppressWarnings("unchecked") // the step that describes the dead letter has made it
    private static boolean inAscii(Map<?, ?> columns) {
        Map<?, ?> before = new HashMap<>(columns);
        ((Map<String, Object>) columns)
                .replaceAll((column, value) -> !(value instanceof String text)
                        ? value
                        : column.equals("payload") ? StoredText.asciiJson(text) : StoredText.ascii(text));
        return !columns.equals(before);
    }
}

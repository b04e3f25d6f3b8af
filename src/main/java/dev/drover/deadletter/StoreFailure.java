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
 * Reports in {@code status} and health why a dead letter cannot be written, until one is written. Set it as
 * {@code onExceptionOccurredRef} of the clause that retries. If the database refuses a text, for example because of its
 * character set, the next attempt writes ASCII texts. Thread-safe.
 */
public final class StoreFailure implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(StoreFailure.class);

    /** The MariaDB error codes for characters that a column cannot store; their SQLSTATE is not standard. */
    private static final Set<Integer> MARIADB_CHARACTERS = Set.of(1267, 1366, 3988);

    /** A longer payload may exceed the longest statement of MariaDB, in characters. */
    private static final int LONG = 1_000_000;

    @Override
    public void process(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        while (cause != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        boolean isTextRefused = cause instanceof SQLException sql
                && (String.valueOf(sql.getSQLState()).startsWith("22")
                        || MARIADB_CHARACTERS.contains(sql.getErrorCode()));
        if (isTextRefused && exchange.getMessage().getBody() instanceof Map<?, ?> columns && inAscii(columns)) {
            return; // the next attempt has other texts
        }
        Ledger ledger = DeadLetters.ledger(exchange);
        String reason = (cause instanceof SQLException sql ? SqlReason.of(sql) : "it cannot be reached")
                + hint(cause, exchange.getMessage().getBody());
        if (ledger.faults().storeFailed(reason)) {
            LOG.error(
                    "{}: the store does not take a dead letter, it is tried again and nothing is lost: {}",
                    ledger.pipeline(),
                    reason);
        }
    }

    /** MariaDB may close the connection if a statement is too long; then the error message is lost. */
    private static String hint(@Nullable Throwable cause, @Nullable Object body) {
        boolean isLost = cause instanceof SQLException sql
                && String.valueOf(sql.getSQLState()).startsWith("08");
        int length =
                body instanceof Map<?, ?> columns && columns.get("payload") instanceof String text ? text.length() : 0;
        return isLost && length > LONG
                ? ", at " + length + " characters; on MariaDB, raise max_allowed_packet above that"
                : "";
    }

    /** Replaces the texts by ASCII. Returns whether any text changed. */
    @SuppressWarnings("unchecked") // the map of RefusedRecord
    private static boolean inAscii(Map<?, ?> columns) {
        Map<?, ?> before = new HashMap<>(columns);
        ((Map<String, Object>) columns)
                .replaceAll((column, value) -> !(value instanceof String text)
                        ? value
                        : column.equals("payload") ? StoredText.asciiJson(text) : StoredText.ascii(text));
        return !columns.equals(before);
    }
}

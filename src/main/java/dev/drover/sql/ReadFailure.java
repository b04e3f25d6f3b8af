package dev.drover.sql;

import dev.drover.ledger.SqlReason;
import java.sql.SQLException;
import org.springframework.core.NestedExceptionUtils;

/** A failure to read whose message can be logged. The message of a driver may quote a value. */
public final class ReadFailure extends SQLException {

    private static final long serialVersionUID = 1L;

    private ReadFailure(String message, SQLException e) {
        super(message, e.getSQLState(), e.getErrorCode());
    }

    /** Keeps the SQLSTATE and the vendor code. Keeps the message of the driver only if it cannot quote a value. */
    public static ReadFailure of(String what, SQLException e) {
        String message = "could not read " + what;
        if (e instanceof ReadFailure) {
            return new ReadFailure(message + ": " + e.getMessage(), e);
        }
        ReadFailure failure = new ReadFailure(message + " " + SqlReason.of(e), e);
        if (SqlReason.isHarmless(e)) {
            failure.initCause(e);
        }
        return failure;
    }

    /** The innermost cause in one line. */
    public static String message(Throwable thrown) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(thrown);
        String message = cause.getMessage();
        boolean ours = cause instanceof SQLException sql && sql.getSQLState() == null;
        String text = message == null ? "" : message.lines().findFirst().orElse("");
        return ours ? text : cause.getClass().getSimpleName() + (text.isEmpty() ? "" : ": " + text);
    }
}

package dev.drover.sql;

import dev.drover.ledger.Cause;
import dev.drover.ledger.SqlReason;
import java.sql.SQLException;

/** A failure to read that can be logged: the message of a driver may quote the value that it failed on. */
public final class ReadFailure extends SQLException {

    private static final long serialVersionUID = 1L;

    private ReadFailure(String message, SQLException e) {
        super(message, e.getSQLState(), e.getErrorCode());
    }

    /** Keeps SQLSTATE and vendor code; the driver's own message only when it cannot hold a value. */
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

    /** The innermost cause of a failure to read, in one line. */
    public static String message(Throwable thrown) {
        Throwable cause = Cause.innermost(thrown);
        String message = cause.getMessage();
        boolean ours = cause instanceof SQLException sql && sql.getSQLState() == null;
        String text = message == null ? "" : message.lines().findFirst().orElse("");
        return ours ? text : cause.getClass().getSimpleName() + (text.isEmpty() ? "" : ": " + text);
    }
}

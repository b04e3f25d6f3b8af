package dev.drover.pages;

import dev.drover.ledger.SqlReason;
import java.sql.SQLException;

/** A failure to read that can be logged: the message of a driver may quote the value that it failed on. */
final class ReadFailure extends SQLException {

    private static final long serialVersionUID = 1L;

    private ReadFailure(String message, SQLException e) {
        super(message, e.getSQLState(), e.getErrorCode());
    }

    /** Keeps SQLSTATE and vendor code; the driver's own message only when it cannot hold a value. */
    static ReadFailure of(String what, SQLException e) {
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
}

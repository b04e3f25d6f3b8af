package dev.drover.ledger;

import java.sql.SQLException;

/** A settlement that could not be written now; the ledger keeps it and tries again. */
public class SettlementException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettlementException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What could not be written and why, in one line without values. */
    public String inWords() {
        String why = getCause() instanceof SQLException e
                ? " " + SqlReason.of(e).lines().findFirst().orElse("")
                : "";
        return getMessage() + why;
    }
}

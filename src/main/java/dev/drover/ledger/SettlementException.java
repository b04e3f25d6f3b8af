package dev.drover.ledger;

import java.sql.SQLException;

/** A settlement could not be written now. The ledger keeps it and tries again. */
public class SettlementException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettlementException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The failure and its reason, in one line without values. */
    public String inWords() {
        String why = getCause() instanceof SQLException e
                ? " " + SqlReason.of(e).lines().findFirst().orElse("")
                : "";
        return getMessage() + why;
    }
}

package dev.drover.ledger;

/** A settlement that could not be written now; the ledger keeps it and tries again. */
public class SettlementException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettlementException(String message, Throwable cause) {
        super(message, cause);
    }
}

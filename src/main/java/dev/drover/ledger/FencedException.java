package dev.drover.ledger;

/** Another owner has taken over the pipeline, so this owner must not write any more. */
public final class FencedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final String reason;

    public FencedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return reason;
    }
}

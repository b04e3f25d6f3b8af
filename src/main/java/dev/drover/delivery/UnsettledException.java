package dev.drover.delivery;

import java.util.List;

/**
 * An answer did not accept every record of a batch: some are refused or must be sent again, or it cannot be read. Or some
 * records are refused before the batch is sent.
 */
public final class UnsettledException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Refusal> refused;
    private final boolean sent;

    UnsettledException(String message) {
        this(message, List.of());
    }

    UnsettledException(String message, List<Refusal> refused) {
        this(message, refused, true);
    }

    private UnsettledException(String message, List<Refusal> refused, boolean sent) {
        super(message);
        this.refused = List.copyOf(refused);
        this.sent = sent;
    }

    /** These records must not be sent, and nothing of the batch was sent yet. */
    public static UnsettledException beforeSending(List<Refusal> refused) {
        return new UnsettledException(refused.size() + " records of a batch must not be sent", refused, false);
    }

    /** The records that become dead letters. All other unsettled records must be sent again. */
    public List<Refusal> getRefused() {
        return refused;
    }

    /** Whether the batch was sent. */
    boolean isSent() {
        return sent;
    }
}

package dev.drover.delivery;

import java.util.List;

/** An answer did not accept every record of a batch: some are refused or must be sent again, or it cannot be read. */
public final class UnsettledException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Refusal> refused;

    UnsettledException(String message) {
        this(message, List.of());
    }

    UnsettledException(String message, List<Refusal> refused) {
        super(message);
        this.refused = List.copyOf(refused);
    }

    /** The records that become dead letters. All other unsettled records must be sent again. */
    public List<Refusal> getRefused() {
        return refused;
    }
}

package dev.drover.delivery;

/** A batch cannot be sent because of what is in its records; it is divided until the records that cause it are alone. */
public final class UnsendableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnsendableException(String message) {
        super(message);
    }
}

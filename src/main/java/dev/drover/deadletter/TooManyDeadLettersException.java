package dev.drover.deadletter;

/** So many records of a pipeline became dead letters that the next one is kept instead, and tried again. */
public final class TooManyDeadLettersException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyDeadLettersException(String message) {
        super(message);
    }
}

package dev.drover.outcome;

/** The answer does not give the result of every record, so no record of the batch counts as accepted. */
public final class UnreadableAnswerException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message the cause, without the text of the answer */
    public UnreadableAnswerException(String message) {
        super(message);
    }
}

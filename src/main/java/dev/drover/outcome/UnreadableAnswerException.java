package dev.drover.outcome;

/** The answer does not say what became of every record, so that nothing of the batch counts as accepted. */
public final class UnreadableAnswerException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * An answer that cannot be read.
     *
     * @param message why, without what it says
     */
    public UnreadableAnswerException(String message) {
        super(message);
    }
}

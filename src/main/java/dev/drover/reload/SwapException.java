package dev.drover.reload;

/** The new routes could not be started although nothing was wrong with them before. */
final class SwapException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean undone;

    SwapException(Exception cause, boolean undone) {
        super(cause);
        this.undone = undone;
    }

    /** Whether the old routes run again; else their pipelines stand still. */
    boolean isUndone() {
        return undone;
    }
}

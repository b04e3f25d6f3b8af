package dev.drover.config;

/** The behaviour of a pipeline on a drained source. */
public enum Mode {
    /** Waits for the delay and looks for new rows. */
    FOLLOW,
    /** Waits until everything is settled, then ends. */
    DRAIN
}

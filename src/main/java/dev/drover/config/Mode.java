package dev.drover.config;

/** What a pipeline does when its source is drained. */
public enum Mode {
    /** Waits for the delay and looks for new rows. */
    FOLLOW,
    /** Waits until everything is settled and ends. */
    DRAIN
}

package dev.drover.ledger;

/** A bean that says how many rows a segment has. Without one it has 10,000. */
public interface SegmentSize {

    /** A segment takes no further page when it has as many rows. */
    int segment();
}

package dev.drover.config;

/** An endpoint at which a pipeline begins that reads a database. */
public interface ConsistencyOption {

    /** The consistency mode that the user named. */
    Consistency getConsistency();
}

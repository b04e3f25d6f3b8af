package dev.drover.config;

/** The endpoint of a pipeline that reads a database. */
public interface ConsistencyOption {

    /** The consistency mode that the user named. */
    Consistency getConsistency();
}

package dev.drover.outcome;

import java.util.Set;

/** The statuses with which a service refuses a batch or a record for what is in it, so that trying again is in vain. */
public final class Refusals {

    private static final Set<Integer> STATUSES = Set.of(400, 413, 415, 422);

    private Refusals() {}

    /** Whether a status is one of them. */
    public static boolean contains(int status) {
        return STATUSES.contains(status);
    }
}

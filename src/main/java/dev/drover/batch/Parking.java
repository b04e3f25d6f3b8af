package dev.drover.batch;

import dev.drover.ledger.Ledger;

/** Sets batches aside, durably and in order, while their address does not accept. Thread-safe. */
public interface Parking {

    /** Whether batches of this ledger can be parked; not those of a replay, a topic or claimed rows. */
    boolean knows(Ledger ledger);

    /**
     * Whether records of the same lane are parked, so that this batch must not overtake them. No other batch of the lane
     * may be tried meanwhile.
     *
     * @param route the delivery route
     */
    boolean isBehind(Batch batch, String route);

    /**
     * Where a batch is sent.
     *
     * @param route the delivery route
     * @param host scheme, host and port, for people
     */
    record Place(String route, String host) {}

    /**
     * Stores the unsettled records of a batch behind the parked ones of its lane, and settles them. They are delivered
     * through the route later.
     *
     * @param limit how many records of the pipeline may be parked
     * @return whether they are parked; false if there is no room
     * @throws dev.drover.ledger.SettlementException if the store cannot be written now
     */
    boolean park(Batch batch, Place to, int limit);
}

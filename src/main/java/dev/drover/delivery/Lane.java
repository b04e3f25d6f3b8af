package dev.drover.delivery;

import org.jspecify.annotations.Nullable;

/** Chooses the lane of a record, for the correlation expression of an ordered pipeline: {@code of(${body[customer]}, 8)}. */
public final class Lane {

    /**
     * The lane of a key: equal keys share a lane, so their order is kept.
     *
     * @param key the value whose order matters; records without one share a lane
     * @param lanes the number of lanes, at least 1
     * @return 0 to {@code lanes - 1}
     */
    public int of(@Nullable Object key, int lanes) {
        if (lanes < 1) {
            throw new IllegalArgumentException("lanes: " + lanes + " is not allowed, it must be at least 1");
        }
        return Math.floorMod(key == null ? 0 : key.toString().hashCode(), lanes);
    }
}

package dev.drover.outcome;

/**
 * The meaning of a status that a service gives to one record, as of that to a whole batch: refused for what is in it is
 * final, everything else that is no success may pass.
 */
final class ItemStatus {

    private static final int CONFLICT = 409;

    private ItemStatus() {}

    static Fate fate(int status, String reason, Conflict conflict) {
        if (status >= 200 && status <= 299) {
            return Fate.ACCEPTED;
        }
        if (status == CONFLICT) {
            return switch (conflict) {
                case ACCEPTED -> Fate.ACCEPTED;
                case RETRIED -> Fate.retried(status, reason);
                case REFUSED -> Fate.refused(status, reason);
            };
        }
        return Refusals.contains(status) ? Fate.refused(status, reason) : Fate.retried(status, reason);
    }
}

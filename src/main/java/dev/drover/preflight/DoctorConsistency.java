package dev.drover.preflight;

import dev.drover.pages.Mode;

/** Whether rows that are committed late can be passed by. */
final class DoctorConsistency {

    private DoctorConsistency() {}

    static DoctorCheck check(LoadedPipeline pipeline) {
        if (pipeline.config().mode() == Mode.DRAIN) {
            return DoctorCheck.ok("consistency", "reads what is there and ends: no row can be committed late");
        }
        return DoctorCheck.warning(
                "consistency",
                "follows the source: a key that a concurrent writer takes before it commits can become visible behind"
                        + " the checkpoint, and its row is then never read",
                "let one writer insert, or keys be taken in the order of the commits, or run with --drain while nothing"
                        + " is written");
    }
}

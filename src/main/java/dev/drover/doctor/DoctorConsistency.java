package dev.drover.doctor;

import dev.drover.config.Consistency;
import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.consistency.PremiseException;
import dev.drover.lint.LoadedPipeline;
import java.sql.SQLException;
import java.util.stream.Collectors;

/** Whether rows that are committed late can be passed by. */
final class DoctorConsistency {

    private static final String NAME = "consistency";

    private DoctorConsistency() {}

    static DoctorCheck check(LoadedPipeline pipeline) {
        try {
            return of(pipeline.form().consistency(pipeline.config()), pipeline.config());
        } catch (PremiseException e) {
            return DoctorCheck.failed(NAME, e.fact(), e.remedy());
        } catch (IllegalArgumentException e) {
            String[] message = String.valueOf(e.getMessage()).split("; ", 2);
            return DoctorCheck.failed(
                    NAME,
                    message[0].replaceFirst("^consistency: ", ""),
                    message.length == 1 ? "correct the option consistency" : message[1]);
        } catch (SQLException e) {
            return DoctorCheck.notChecked(NAME, "the source cannot be asked: " + DoctorCheck.reason(e));
        }
    }

    private static DoctorCheck of(Consistency mode, PagesConfig config) {
        if (mode.isExact()) {
            return DoctorCheck.ok(
                    NAME,
                    mode + ": no row that is committed late is passed over"
                            + config.promises().stream()
                                    .map(promise -> "; you promise " + promise.word() + ": " + promise.text())
                                    .collect(Collectors.joining()));
        }
        if (mode == Consistency.STATIC && config.mode() == Mode.DRAIN) {
            return DoctorCheck.ok(
                    NAME, "STATIC: reads what is there and ends, which loses nothing while nobody inserts");
        }
        return DoctorCheck.warning(
                NAME,
                mode == Consistency.LAG
                        ? "LAG: a row that is committed more than "
                                + config.lag().toSeconds() + " s late is passed over"
                        : "STATIC: a row that is committed late is passed over while the source is followed",
                "choose an exact mode, or make sure that one writer at a time inserts");
    }
}

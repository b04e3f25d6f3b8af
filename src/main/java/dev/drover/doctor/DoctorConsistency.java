package dev.drover.doctor;

import dev.drover.config.Consistency;
import dev.drover.config.Mode;
import dev.drover.config.OptionException;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.Cause;
import dev.drover.lint.LoadedPipeline;
import dev.drover.source.SourceOptions;
import java.sql.SQLException;
import java.util.stream.Collectors;

/** Checks whether rows that are committed late can be missed. */
final class DoctorConsistency {

    private static final String NAME = "consistency";

    private DoctorConsistency() {}

    static DoctorCheck check(LoadedPipeline pipeline) {
        try {
            return of(
                    pipeline.form().consistency(),
                    pipeline.config(),
                    pipeline.form().endpoint());
        } catch (OptionException e) {
            String remedy = e.doubt().remedy();
            return DoctorCheck.failed(
                    NAME,
                    e.option().equals(NAME)
                            ? e.doubt().text()
                            : e.option() + ": " + e.doubt().text(),
                    remedy.isEmpty() ? "correct the option " + e.option() : remedy);
        } catch (IllegalArgumentException e) { // two tables or columns may have the name
            return DoctorCheck.failed(NAME, String.valueOf(e.getMessage()), "correct the table");
        } catch (SQLException e) {
            return DoctorCheck.notChecked(NAME, "the source cannot be asked: " + Cause.line(e));
        }
    }

    private static DoctorCheck of(Consistency mode, PagesConfig config, SourceOptions options) {
        if (options.isFed()) {
            return DoctorCheck.ok(NAME, "the feed of the changes is at work, and no change is passed over");
        }
        if (mode.isExact() && options.isChanges()) {
            return DoctorCheck.ok(
                    NAME,
                    mode
                            + ": the triggers of the change log are at work, and no change that is committed late is passed"
                            + " over; a TRUNCATE halts the pipeline on PostgreSQL, and is not seen on MariaDB");
        }
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

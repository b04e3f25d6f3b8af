package dev.drover.doctor;

import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.lint.LoadedPipeline;
import dev.drover.store.Checkpoint.Origin;
import dev.drover.store.Checkpoints;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The checkpoint of a pipeline.
 *
 * @param cursor the checkpoint; empty if there is none, or if it does not fit the key
 * @param check the result of the check
 */
record DoctorCheckpoint(Optional<Cursor> cursor, DoctorCheck check) {

    private static final String NAME = "checkpoint";

    static DoctorCheckpoint read(LoadedPipeline pipeline, DataSource store, DoctorStore looked) {
        if (!looked.hasTables()) {
            return new DoctorCheckpoint(Optional.empty(), beginning(pipeline));
        }
        try {
            Checkpoints checkpoints = new Checkpoints(store);
            Optional<Cursor> cursor = checkpoints.cursor(pipeline.name());
            Origin written = looked.isCurrent() ? checkpoints.origin(pipeline.name()) : Origin.UNKNOWN;
            return cursor.map(found -> found(pipeline, found, written))
                    .orElseGet(() -> new DoctorCheckpoint(Optional.empty(), beginning(pipeline)));
        } catch (RuntimeException e) {
            return new DoctorCheckpoint(
                    Optional.empty(),
                    DoctorCheck.failed(
                            NAME, Cause.line(e), "restore the store from a backup, or correct the checkpoint"));
        }
    }

    private static DoctorCheckpoint found(LoadedPipeline pipeline, Cursor cursor, Origin written) {
        DoctorCheck goesOn = DoctorCheck.ok(NAME, "goes on after " + cursor);
        try {
            DoctorCheck check = pipeline.guard()
                    .objection(cursor, written)
                    .map(found -> DoctorCheck.failed(NAME, found.text(), found.remedy()))
                    .orElse(goesOn);
            boolean usable = cursor.columns().equals(pipeline.config().key());
            return new DoctorCheckpoint(usable ? Optional.of(cursor) : Optional.empty(), check);
        } catch (SQLException | RuntimeException e) {
            return new DoctorCheckpoint(Optional.of(cursor), goesOn); // the check of the source reports the failure
        }
    }

    private static DoctorCheck beginning(LoadedPipeline pipeline) {
        Cursor start = pipeline.config().startAfter();
        return DoctorCheck.ok(NAME, "none yet, begins " + (start == null ? "at the first row" : "after " + start));
    }
}

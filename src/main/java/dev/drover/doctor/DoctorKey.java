package dev.drover.doctor;

import dev.drover.config.Doubt;
import dev.drover.lint.LoadedPipeline;
import dev.drover.sql.KeyProof;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks that the key columns exist, are never NULL, and are unique. */
final class DoctorKey {

    private final Connection connection;
    private final LoadedPipeline pipeline;
    private final List<String> key;
    private final String names;

    DoctorKey(Connection connection, LoadedPipeline pipeline) {
        this.connection = connection;
        this.pipeline = pipeline;
        this.key = pipeline.config().key();
        this.names = String.join(", ", key);
    }

    /** The checks of the key, and a warning if a condition of the SQL is a risk. */
    List<DoctorCheck> checks() throws SQLException {
        List<DoctorCheck> checks = new ArrayList<>(keyChecks());
        pipeline.form()
                .risk()
                .ifPresent(
                        risk -> checks.add(DoctorCheck.warning("conditions", "the SQL " + risk.text(), risk.remedy())));
        return checks;
    }

    private List<DoctorCheck> keyChecks() throws SQLException {
        Optional<String> named = pipeline.table();
        if (named.isEmpty()) {
            return List.of(unproven("the SQL is no query of one table"));
        }
        Optional<KeyProof> found = pipeline.form().keyProof(connection);
        if (found.isEmpty()) {
            return List.of(DoctorCheck.failed(
                    "key",
                    "the catalog has no table " + named.get() + " that this user may see",
                    "correct the table, or GRANT SELECT on it"));
        }
        KeyProof proof = found.get();
        TableFacts facts = proof.facts();
        List<String> missing = proof.key().stream()
                .filter(part -> facts.column(part).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            return List.of(DoctorCheck.failed(
                    "key",
                    "the table " + facts.name() + " has no column " + String.join(", ", missing),
                    "correct the option key; the columns are "
                            + facts.columns().stream()
                                    .map(TableFacts.Column::name)
                                    .collect(Collectors.joining(", "))));
        }
        List<DoctorCheck> checks = new ArrayList<>();
        if (proof.isLeftToReading()) {
            checks.add(
                    unproven(facts.name() + " is a " + facts.kind().words() + ", of which the catalog proves no key"));
        } else if (!proof.isUnique() && proof.doubts().isEmpty()) {
            checks.add(unproven("the SQL is more than a query of one table, and may return a row of " + facts.name()
                    + " more than once"));
        } else if (proof.doubts().isEmpty()) {
            checks.add(DoctorCheck.ok("key", names + " is unique by a primary key or unique index"));
        }
        proof.doubts().forEach(doubt -> checks.add(DoctorCheck.failed("key", doubt.text(), doubt.remedy())));
        checks.add(nulls(proof));
        return checks;
    }

    private DoctorCheck unproven(String why) {
        return DoctorCheck.notChecked(
                "key",
                "unproven: " + why + "; two rows that share " + names + " halt the pipeline when the second is"
                        + " read, so make sure that it is unique, never NULL, and in an index");
    }

    private DoctorCheck nulls(KeyProof proof) throws SQLException {
        List<String> nullable = proof.nullable();
        if (nullable.isEmpty()) {
            return DoctorCheck.ok("NULL keys", names + " is never NULL");
        }
        String list = String.join(", ", nullable);
        Optional<Doubt> doubt = pipeline.form().rowWithoutKey(connection, proof);
        if (doubt.isPresent()) {
            return DoctorCheck.failed(
                    "NULL keys", doubt.get().text(), doubt.get().remedy());
        }
        return proof.isLeftToReading()
                ? DoctorCheck.warning(
                        "NULL keys",
                        "the catalog does not say whether " + list + " can be NULL; no row has it now",
                        "filter such rows in the view")
                : DoctorCheck.failed(
                        "NULL keys",
                        list + " may be NULL: no row has it now, the first one would never be read",
                        "make the column NOT NULL");
    }
}

package dev.drover.consistency;

import dev.drover.config.Doubt;
import dev.drover.config.Promise;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A condition that a proof needs.
 *
 * @param name one to three words, for tables
 * @param needs the condition, as the object of "needs"
 * @param check checks the condition on a source
 * @param promisedBy the promise of the user that replaces the check; empty if nothing replaces it
 */
public record Premise(String name, String needs, Check check, Optional<Promise> promisedBy) {

    @FunctionalInterface
    public interface Check {

        /**
         * Checks a source.
         *
         * @return why the premise does not hold; empty if it holds
         * @throws SQLException if the database fails; to be tried again
         */
        Optional<Doubt> check(Subject source) throws SQLException;
    }

    static Premise proven(String name, String needs, Check check) {
        return new Premise(name, needs, check, Optional.empty());
    }

    static Premise promised(String name, String needs, Check check, Promise promise) {
        return new Premise(name, needs, check, Optional.of(promise));
    }

    /**
     * Why the premise does not hold.
     *
     * @param mode the mode, as the user writes it
     * @return the need, the fact against it, and the remedy; empty if the premise holds or is promised
     * @throws SQLException if the database fails; to be tried again
     */
    Optional<Doubt> doubt(String mode, Subject source) throws SQLException {
        if (promisedBy.isPresent() && promisedBy.get().isIn(source.promises())) {
            return Optional.empty();
        }
        return check.check(source)
                .map(found -> new Doubt(
                        mode + " needs " + needs + ", but " + found.text(),
                        found.remedy()
                                + promisedBy
                                        .map(promise ->
                                                ", or set promises to " + promise.word() + " if " + promise.text())
                                        .orElse("")));
    }
}

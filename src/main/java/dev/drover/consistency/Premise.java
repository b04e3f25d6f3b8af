package dev.drover.consistency;

import dev.drover.config.Doubt;
import dev.drover.config.Promise;
import java.sql.SQLException;
import java.util.Optional;

/**
 * One condition without which a proof does not hold.
 *
 * @param name in one or two words, for tables
 * @param needs what must be true, for a sentence that begins with the mode and "needs"
 * @param check looks whether it is
 * @param promisedBy what the user may promise instead; empty where the check decides
 */
public record Premise(String name, String needs, Check check, Optional<Promise> promisedBy) {

    /** Asks the database. */
    @FunctionalInterface
    public interface Check {

        /**
         * Looks at a source.
         *
         * @return what speaks against the premise; empty when it holds
         * @throws SQLException when the database cannot be asked now
         */
        Optional<Doubt> look(Subject source) throws SQLException;
    }

    static Premise proven(String name, String needs, Check check) {
        return new Premise(name, needs, check, Optional.empty());
    }

    static Premise promised(String name, String needs, Check check, Promise promise) {
        return new Premise(name, needs, check, Optional.of(promise));
    }

    /**
     * Why a mode is not exact, unless the premise holds or is promised.
     *
     * @param mode the mode whose premise it is, as the option is written
     * @return what the mode needs and what was found instead, with the remedy; empty when the premise holds
     * @throws SQLException when the database cannot be asked now
     */
    Optional<Doubt> doubt(String mode, Subject source) throws SQLException {
        if (promisedBy.isPresent() && promisedBy.get().isIn(source.promises())) {
            return Optional.empty();
        }
        return check.look(source)
                .map(found -> new Doubt(
                        mode + " needs " + needs + ", but " + found.text(),
                        found.remedy()
                                + promisedBy
                                        .map(promise ->
                                                ", or set promises to " + promise.word() + " if " + promise.text())
                                        .orElse("")));
    }
}

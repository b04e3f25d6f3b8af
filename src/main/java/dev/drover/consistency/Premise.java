package dev.drover.consistency;

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

    /**
     * Why a premise is not taken for true.
     *
     * @param fact what was found, for a sentence after "but"
     * @param remedy what to do, as a command
     */
    public record Doubt(String fact, String remedy) {}

    static Premise proven(String name, String needs, Check check) {
        return new Premise(name, needs, check, Optional.empty());
    }

    static Premise promised(String name, String needs, Check check, Promise promise) {
        return new Premise(name, needs, check, Optional.of(promise));
    }

    /**
     * Throws unless the premise holds or is promised.
     *
     * @param mode the mode whose premise it is, as the option is written
     * @throws PremiseException naming the premise, what was found, and the remedy
     * @throws SQLException when the database cannot be asked now
     */
    void require(String mode, Subject source) throws SQLException {
        if (promisedBy.isPresent() && promisedBy.get().isIn(source.promises())) {
            return;
        }
        Optional<Doubt> doubt = check.look(source);
        if (doubt.isPresent()) {
            throw new PremiseException(mode, this, doubt.get());
        }
    }
}

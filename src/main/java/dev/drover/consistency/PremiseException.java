package dev.drover.consistency;

/** A premise of the consistency mode does not hold. The message begins with the option, names the premise and ends with the remedy. */
public final class PremiseException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String fact;
    private final String remedy;

    PremiseException(String mode, Premise premise, Premise.Doubt doubt) {
        this(
                mode + " needs " + premise.needs() + ", but " + doubt.fact(),
                doubt.remedy()
                        + premise.promisedBy()
                                .map(promise -> ", or set promises to " + promise.word() + " if " + promise.text())
                                .orElse(""));
    }

    private PremiseException(String fact, String remedy) {
        super("consistency: " + fact + "; " + remedy);
        this.fact = fact;
        this.remedy = remedy;
    }

    /** What the mode needs and what was found instead. */
    public String fact() {
        return fact;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}

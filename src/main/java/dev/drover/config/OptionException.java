package dev.drover.config;

/** An option of a pipeline is wrong. The message begins with the option, and says what is wrong and what is allowed. */
public final class OptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String option;
    private final transient Doubt doubt;

    /** What is wrong and what is allowed, for a sentence that begins with the option. */
    public OptionException(String option, String text) {
        this(option, new Doubt(text, ""));
    }

    /** What is wrong with the option, and what to do. */
    public OptionException(String option, Doubt doubt) {
        super(option + ": " + doubt);
        this.option = option;
        this.doubt = doubt;
    }

    public String option() {
        return option;
    }

    /** The message without the option. */
    public Doubt doubt() {
        return doubt;
    }
}

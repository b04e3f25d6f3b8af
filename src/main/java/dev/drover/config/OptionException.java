package dev.drover.config;

/** An option of a pipeline is wrong. The message names the option, what is wrong and what is allowed. */
public final class OptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String option;
    private final transient Doubt doubt;

    /** An error whose text says what is wrong and what is allowed, as a sentence that begins with the option. */
    public OptionException(String option, String text) {
        this(option, new Doubt(text, ""));
    }

    /** An error with a remedy. */
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

package dev.drover.folder;

/** The input of the user cannot work. The message is one line that names the file or key, and what is allowed. */
public class BadInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BadInputException(String message) {
        super(message);
    }

    public BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.drover.rows;

/**
 * The keys of a page do not rise as the database orders them, a row has none, or it is not known how the database orders
 * them; or the database does not find a claimed row by its key. After such a page a row could be passed over. Reading
 * the same page again does not help.
 */
public final class UnorderedPageException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public UnorderedPageException(String message) {
        super(message);
    }
}

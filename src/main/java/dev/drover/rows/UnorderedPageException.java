package dev.drover.rows;

/**
 * The keys of a page do not rise in the order of the database, a row has no key, the order is not known, or the database
 * does not find a claimed row by its key. After such a page a row could be skipped. Reading the page again does not help.
 */
public final class UnorderedPageException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public UnorderedPageException(String message) {
        super(message);
    }
}

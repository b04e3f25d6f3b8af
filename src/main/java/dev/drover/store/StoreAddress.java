package dev.drover.store;

/** Where a database is, fit to be shown. */
public final class StoreAddress {

    private StoreAddress() {}

    /** A JDBC URL without its settings, which may hold a password, and without a user in front of the host. */
    public static String of(String url) {
        return url.replaceFirst("[;?].*", "").replaceFirst("//[^/@]*@", "//");
    }
}

package dev.drover.bench;

/**
 * A database with a table {@code orders}.
 *
 * @param url its JDBC URL
 */
record Source(String url, String user) {}

package dev.drover.testing;

/** The databases that every promise holds on. */
public enum Engine {
    H2,
    POSTGRES,
    MARIADB;

    public Database newDatabase() {
        return switch (this) {
            case H2 -> Database.h2();
            case POSTGRES -> Database.postgres();
            case MARIADB -> Database.mariaDb();
        };
    }
}

package dev.drover;

import dev.drover.testing.Database;

class ClaimsOnPostgresTest extends ClaimSuite {

    @Override
    Database database() {
        return Database.postgres();
    }
}

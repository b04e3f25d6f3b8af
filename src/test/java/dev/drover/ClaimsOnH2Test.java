package dev.drover;

import dev.drover.testing.Database;

class ClaimsOnH2Test extends ClaimSuite {

    @Override
    Database database() {
        return Database.h2();
    }
}

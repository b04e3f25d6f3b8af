package dev.drover.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets every test wait for a minute unless it says how long: on a busy machine, a second of work may take thirty. */
public final class Patience implements BeforeAllCallback {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public void beforeAll(ExtensionContext test) {
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}

package dev.drover.pages;

import dev.drover.config.PagesConfig;
import dev.drover.store.Checkpoint;
import dev.drover.store.OwnedException;
import dev.drover.store.SoleOwner;
import java.util.Optional;

/**
 * The right of this process to run a pipeline alone: the lock beside a store that is a file, and then the lease in the
 * store. Thread-safe.
 */
final class Ownership implements AutoCloseable {

    private final PagesComponent component;
    private final PagesConfig config;
    private final Optional<SoleOwner> sole;

    /**
     * Owns nothing yet.
     *
     * @throws OwnedException if the store is a file and another process has it
     */
    Ownership(PagesComponent component, PagesConfig config) {
        this.component = component;
        this.config = config;
        this.sole = component.soleOwner(config.name());
    }

    /**
     * Takes the checkpoint over.
     *
     * @throws OwnedException if another process owns it
     */
    Checkpoint take() {
        return component.checkpoints().take(config.name(), config.key(), component.claim(sole.isPresent()));
    }

    @Override
    public void close() {
        sole.ifPresent(SoleOwner::close);
    }
}

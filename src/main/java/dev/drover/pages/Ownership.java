package dev.drover.pages;

import dev.drover.config.PagesConfig;
import dev.drover.store.Checkpoint;
import dev.drover.store.OwnedException;
import dev.drover.store.SoleOwner;
import java.util.Optional;

/**
 * The right of this process to run a pipeline alone: the lock beside a store that is a file, the election where a leader is
 * elected, and then the lease in the store. Thread-safe.
 */
final class Ownership implements AutoCloseable {

    private final PagesComponent component;
    private final PagesConfig config;
    private final Optional<SoleOwner> sole;
    private final Optional<Leadership> leadership;

    /**
     * Owns nothing yet.
     *
     * @param lost called whenever another process leads, or none
     * @throws OwnedException if the store is a file and another process has it
     */
    Ownership(PagesComponent component, PagesConfig config, Runnable lost) {
        this.component = component;
        this.config = config;
        this.sole = component.soleOwner(config.name());
        try {
            this.leadership = component.elections().join(component.getCamelContext(), config.name(), lost);
        } catch (RuntimeException e) {
            sole.ifPresent(SoleOwner::close);
            throw e;
        }
    }

    /**
     * Takes the checkpoint over.
     *
     * @throws OwnedException if another process owns it, or this one does not lead
     */
    Checkpoint take() {
        leadership.ifPresent(Leadership::require);
        return component.checkpoints().take(config.name(), config.key(), component.claim(sole.isPresent()));
    }

    /** Where a leader is elected and there is none for long; not to be called under a lock that {@code lost} waits for. */
    void beginAnewWhereNobodyLeads() {
        leadership.ifPresent(Leadership::beginAnewWhereNobodyLeads);
    }

    /** Whether an election, if there is one, lets this process own it. */
    boolean leads() {
        return leadership.map(Leadership::holds).orElse(true);
    }

    /** This process cannot run it: if leaders are elected, another process is to lead. */
    void giveUp() {
        leadership.ifPresent(Leadership::giveUp);
    }

    @Override
    public void close() {
        leadership.ifPresent(Leadership::close);
        sole.ifPresent(SoleOwner::close);
    }
}

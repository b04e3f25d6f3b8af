package dev.drover.ledger;

import java.util.List;

/**
 * The settlement of records that are delivered beside the pages of a pipeline. It records nothing but their trace.
 *
 * @param pipeline the settlement of the pipeline
 */
record Unrecorded(Settlement pipeline) implements Settlement {

    @Override
    public Lease lease() {
        return pipeline.lease();
    }

    @Override
    public long run() {
        return pipeline.run();
    }

    @Override
    public String life(Cursor key) {
        return pipeline.life(key);
    }

    @Override
    public boolean inOrder() {
        return false;
    }

    @Override
    public void settle(List<SettledPage> pages) {
        // The pages are read again and skipped.
        pipeline.trace(pages.stream().flatMap(page -> page.trace().stream()).toList());
    }
}

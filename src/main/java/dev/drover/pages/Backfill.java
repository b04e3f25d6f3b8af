package dev.drover.pages;

/**
 * A range of keys that is read on purpose, beside the running pipeline.
 *
 * @param pipeline whose source is read, and whose route it goes through
 * @param from the key after which it begins, one literal for each key column
 * @param to the last key that is read
 */
public record Backfill(String pipeline, String from, String to) {

    /** The name of its own checkpoint: another range begins anew, the same one goes on where it stopped. */
    public String name() {
        return pipeline + "[" + from + ".." + to + "]";
    }
}

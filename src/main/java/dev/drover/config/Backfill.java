package dev.drover.config;

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

    /** Whether a checkpoint of this name, and what was set aside under it, is of this pipeline or of a backfill of it. */
    public static boolean isOf(String pipeline, String name) {
        return name.equals(pipeline) || (name.startsWith(pipeline + "[") && name.endsWith("]"));
    }
}

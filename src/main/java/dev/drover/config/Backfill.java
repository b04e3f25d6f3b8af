package dev.drover.config;

/**
 * A range of keys that is delivered again on purpose, beside the running pipeline.
 *
 * @param pipeline the pipeline whose source and route are used
 * @param from the key before the first row, one literal for each key column
 * @param to the last key
 */
public record Backfill(String pipeline, String from, String to) {

    /** The name of its checkpoint. The same range continues where it stopped; another range begins at its start. */
    public String name() {
        return pipeline + "[" + from + ".." + to + "]";
    }

    /** Whether this name of a checkpoint belongs to the pipeline or to a backfill of it. */
    public static boolean isOf(String pipeline, String name) {
        return name.equals(pipeline) || (name.startsWith(pipeline + "[") && name.endsWith("]"));
    }
}

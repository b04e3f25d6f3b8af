package dev.drover.bench;

import java.io.IOException;

/**
 * One way to do the work.
 *
 * @param name how it is chosen
 * @param title how it is called in tables
 */
record Contender(String name, String title, Start start) {

    /** Makes ready what a run needs, in a new folder of its own, and gives the command. */
    @FunctionalInterface
    interface Start {

        Command command(Task task) throws IOException;
    }
}

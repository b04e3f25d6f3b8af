package dev.drover.bench;

/** Runs every contender in turn, in processes of their own, and writes what they spent. */
public final class Benchmark {

    private Benchmark() {}

    public static void main(String[] arguments) {
        System.out.println("no contender yet");
    }
}

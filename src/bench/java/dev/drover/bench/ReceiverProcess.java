package dev.drover.bench;

import dev.drover.bench.receiver.Receiver;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;

/** The receiver, in a process of its own. */
final class ReceiverProcess implements AutoCloseable {

    private final Process process;
    private final String url;
    private final HttpClient client = HttpClient.newHttpClient();

    /** What arrived in a run; {@code distinct} is of the checking run only. */
    record Arrived(long requests, long bytes, long records, long distinct) {}

    ReceiverProcess() throws IOException {
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Receiver.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        url = "http://127.0.0.1:" + output.readLine();
    }

    String destination() {
        return url + "/orders";
    }

    /** Begins to count anew. */
    void reset(int latency, boolean ids) throws IOException, InterruptedException {
        String unused = get("/reset/" + latency + "/" + ids);
    }

    Arrived arrived() throws IOException, InterruptedException {
        long[] counts = Arrays.stream(get("/counts").split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        return new Arrived(counts[0], counts[1], counts[2], counts[3]);
    }

    private String get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        process.destroy();
    }
}

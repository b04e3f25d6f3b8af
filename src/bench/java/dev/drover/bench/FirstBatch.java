package dev.drover.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A receiver that says when the first batch of a process arrived, and answers none. */
final class FirstBatch implements AutoCloseable {

    private final BlockingQueue<Long> arrived = new LinkedBlockingQueue<>();
    private final HttpServer server;

    FirstBatch() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> arrived.add(System.nanoTime()));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/orders";
    }

    /** The {@link System#nanoTime} of the first batch since the call before. */
    long await(Process process) throws InterruptedException {
        arrived.clear();
        for (int second = 0; second < 120 && process.isAlive(); second++) {
            Long time = arrived.poll(1, TimeUnit.SECONDS);
            if (time != null) {
                return time;
            }
        }
        throw new IllegalStateException("no batch arrived in two minutes, or the process ended");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

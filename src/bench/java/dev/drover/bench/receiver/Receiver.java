package dev.drover.bench.receiver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server on one thread, so cheap that a sender hardly feels it: it never parses a body, and an answer that is
 * to come later waits in a queue, not on a thread. Prints its port. {@code GET /reset/20/true} sets the latency in
 * milliseconds and whether ids are looked at, {@code GET /counts} gives the counts since.
 */
public final class Receiver {

    private static final byte[] ACCEPTED = Connection.answer("");

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private final byte[] bytes = new byte[1 << 20];
    private final Queue<Late> late = new ArrayDeque<>();
    private final Selector selector = Selector.open();
    private Counts counts = new Counts(false);
    private long latency;

    private record Late(long due, Connection connection) {}

    private Receiver() throws IOException {}

    public static void main(String[] arguments) throws IOException {
        new Receiver().run();
    }

    private void run() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        System.out.println(server.socket().getLocalPort());
        while (true) {
            select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    accept(server);
                } else if (key.isReadable()) {
                    read((Connection) key.attachment());
                }
            }
            selector.selectedKeys().clear();
            answerLate();
        }
    }

    private void select() throws IOException {
        Late next = late.peek();
        if (next == null) {
            int unused = selector.select();
            return;
        }
        long left = TimeUnit.NANOSECONDS.toMillis(next.due() - System.nanoTime());
        int unused = left > 0 ? selector.select(left) : selector.selectNow();
    }

    private void accept(ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, new Connection(channel));
    }

    private void read(Connection connection) {
        try {
            buffer.clear();
            int length = connection.channel().read(buffer);
            if (length < 0) {
                connection.channel().close();
                return;
            }
            buffer.flip().get(bytes, 0, length);
            connection.take(bytes, length, counts).ifPresent(path -> answer(connection, path));
        } catch (IOException e) {
            connection.close(); // the sender is gone, its run counts as it is
        }
    }

    private void answer(Connection connection, String path) {
        if (path.startsWith("/reset/")) {
            String[] parts = path.split("/", -1);
            latency = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(parts[2]));
            counts = new Counts(Boolean.parseBoolean(parts[3]));
            connection.write(ACCEPTED);
        } else if (path.equals("/counts")) {
            connection.write(Connection.answer(counts.text()));
        } else if (latency == 0) {
            connection.write(ACCEPTED);
        } else {
            late.add(new Late(System.nanoTime() + latency, connection));
        }
    }

    /** All wait as long, so that they are due in the order of their arrival. */
    private void answerLate() {
        while (!late.isEmpty() && late.peek().due() <= System.nanoTime()) {
            late.remove().connection().write(ACCEPTED);
        }
    }
}

package dev.drover.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;

/**
 * A server on loopback that writes exactly the given answer to a request. It reads one request of each connection and closes
 * it, or keeps it for more.
 */
public final class RawServer implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)");

    private final ServerSocket door;
    private final int most;
    private final String hasty;
    private final boolean keeps;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** What is written, for the body of a request. */
    public interface Reaction {
        String to(String body) throws IOException, InterruptedException;
    }

    private RawServer(ServerSocket door, int most, String hasty, boolean keeps) {
        this.door = door;
        this.most = most;
        this.hasty = hasty;
        this.keeps = keeps;
    }

    public static RawServer start(Reaction reaction) throws IOException {
        return startHasty(Integer.MAX_VALUE, "", reaction);
    }

    /** One that keeps its connections for more requests. */
    public static RawServer startKeeping(Reaction reaction) throws IOException {
        return startKeeping(ServerSocketFactory.getDefault(), reaction);
    }

    /** The same over the connections that the factory makes, such as those of TLS. */
    public static RawServer startKeeping(ServerSocketFactory factory, Reaction reaction) throws IOException {
        return start(factory, Integer.MAX_VALUE, "", true, reaction);
    }

    /** One that writes this, and closes the connection, while a body of more bytes than these is still being sent. */
    public static RawServer startHasty(int most, String hasty, Reaction reaction) throws IOException {
        return startHasty(ServerSocketFactory.getDefault(), most, hasty, reaction);
    }

    /** The same over the connections that the factory makes, such as those of TLS. */
    public static RawServer startHasty(ServerSocketFactory factory, int most, String hasty, Reaction reaction)
            throws IOException {
        return start(factory, most, hasty, false, reaction);
    }

    private static RawServer start(
            ServerSocketFactory factory, int most, String hasty, boolean keeps, Reaction reaction) throws IOException {
        ServerSocket door = factory.createServerSocket();
        door.setReceiveBufferSize(1 << 16); // else a whole body may be sent before anybody reads it
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        RawServer server = new RawServer(door, most, hasty, keeps);
        server.threads.execute(() -> server.welcome(reaction));
        return server;
    }

    public String url() {
        return "http://127.0.0.1:" + door.getLocalPort() + "/orders";
    }

    private void welcome(Reaction reaction) {
        while (!door.isClosed()) {
            try {
                Socket socket = door.accept();
                threads.execute(() -> serve(socket, reaction));
            } catch (IOException e) {
                return; // it is closed
            }
        }
    }

    private void serve(Socket accepted, Reaction reaction) {
        try (Socket socket = accepted) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            do {
                String head = head(in);
                Matcher length = LENGTH.matcher(head);
                int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
                String body = new String(in.readNBytes(Math.min(bytes, most)), StandardCharsets.UTF_8);
                if (bytes > most) {
                    socket.getOutputStream().write(hasty.getBytes(StandardCharsets.UTF_8));
                    return;
                }
                if (keeps && head.isEmpty()) {
                    return; // the client has closed it
                }
                socket.getOutputStream().write(reaction.to(body).getBytes(StandardCharsets.UTF_8));
            } while (keeps);
            socket.shutdownOutput();
        } catch (IOException e) {
            if (!keeps) { // a client may give up a connection that is kept
                throw new UncheckedIOException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int read = in.read();
            if (read < 0) {
                break;
            }
            head.write(read);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }
}

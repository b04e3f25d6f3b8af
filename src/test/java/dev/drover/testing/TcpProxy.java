package dev.drover.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A piece of network between a client and a server on this machine, on which the test does what networks do. Nothing
 * is lost or changed inside a connection: bytes arrive, arrive late, or the connection ends.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int NEVER = Integer.MAX_VALUE;

    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean refusing;
    private boolean silent;
    private boolean fallsSilent;
    private long passing = NEVER;

    private TcpProxy(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("door", this::welcome);
    }

    /** One that passes everything on. */
    public static TcpProxy to(int port) {
        try {
            return new TcpProxy(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return door.getLocalPort();
    }

    /** Every connection is reset, and new ones are until {@link #restore}. */
    public void cut() {
        refusing = true;
        reset();
    }

    /** Every connection is reset once; new ones work. */
    public void reset() {
        sockets.forEach(TcpProxy::reset);
    }

    /** Cuts as soon as the server has sent so many more bytes, within whatever it is saying then. */
    public synchronized void cutAfter(int bytes) {
        passing = bytes;
    }

    /** A black hole as soon as the server has sent so many more bytes, within whatever it is saying then. */
    public synchronized void blackHoleAfter(int bytes) {
        passing = bytes;
        fallsSilent = true;
    }

    /** Connections stay and are accepted, and nothing passes in either direction, until {@link #restore}. */
    public synchronized void blackHole() {
        silent = true;
    }

    /** The server says no more on the connections that there are, and goes on listening. */
    public void halfClose() {
        sockets.stream().filter(socket -> socket.getLocalPort() == port()).forEach(TcpProxy::endOutput);
    }

    /** New connections go to another server; those that there are end. */
    public void switchTo(int port) {
        target = port;
        reset();
    }

    /** All is well again; what a black hole held back arrives now. */
    public synchronized void restore() {
        refusing = false;
        silent = false;
        fallsSilent = false;
        passing = NEVER;
        notifyAll();
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                sockets.add(client);
                start("connection", () -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        if (refusing) {
            reset(client);
            return;
        }
        Socket server = new Socket();
        sockets.add(server);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            start("answers", () -> pump(server, client, true));
            pump(client, server, false);
        } catch (IOException e) {
            reset(client);
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[4096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int passed = pass(read, answers);
                out.write(buffer, 0, passed);
                out.flush();
                if (passed < read) {
                    cut();
                }
            }
            to.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            reset(from);
            reset(to);
        }
    }

    /** Waits for a black hole to end; how many of these bytes may pass then. */
    private synchronized int pass(int bytes, boolean answers) throws InterruptedException {
        silent |= answers && fallsSilent && bytes > passing;
        while (silent) {
            wait();
        }
        if (!answers || passing == NEVER) {
            return bytes;
        }
        int passed = (int) Math.min(bytes, passing);
        passing -= passed;
        return passed;
    }

    private static void endOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            reset(socket);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            return; // it has ended by itself
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reset();
        restore();
    }
}

package dev.drover.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The files of the page in the jar. No other path leads to a file. */
final class StaticFiles {

    private static final String FOLDER = "/console/";
    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "console.css", "text/css; charset=utf-8",
            "theme.js", "text/javascript; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "api.js", "text/javascript; charset=utf-8",
            "draw.js", "text/javascript; charset=utf-8",
            "letters.js", "text/javascript; charset=utf-8",
            "strip.js", "text/javascript; charset=utf-8",
            "timeline.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private StaticFiles() {}

    /** Answers with the file of this name, or calls the next handler if there is none. */
    static void answer(RoutingContext exchange, String name) {
        String type = TYPES.get(name);
        if (type == null) {
            exchange.next();
            return;
        }
        exchange.response().putHeader("Content-Type", type).end(Buffer.buffer(read(name)));
    }

    static byte[] read(String name) {
        try (InputStream file = StaticFiles.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

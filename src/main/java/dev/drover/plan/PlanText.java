package dev.drover.plan;

import dev.drover.delivery.PlannedRequest;
import dev.drover.folder.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Formats the requests of a plan as curl commands or files. */
public final class PlanText {

    /** The headers that curl sets itself. */
    private static final Set<String> CURLS_OWN =
            Set.of("host", "content-length", "connection", "user-agent", "accept-encoding", "transfer-encoding");

    private PlanText() {}

    /** The shell command that sends the request. A body that is not text is base64. */
    public static String curl(PlannedRequest request) {
        StringBuilder curl = new StringBuilder("curl -X ")
                .append(request.method())
                .append(' ')
                .append(quoted(request.url()));
        for (PlannedRequest.Header header : request.headers()) {
            if (!CURLS_OWN.contains(header.name().toLowerCase(Locale.ROOT))) {
                curl.append(" \\\n  -H ").append(quoted(header.name() + ": " + header.value()));
            }
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(request.body()))
                    .toString();
            return curl.append(" \\\n  --data-raw ").append(quoted(text)).toString();
        } catch (CharacterCodingException notText) {
            return "echo " + Base64.getEncoder().encodeToString(request.body()) + " | base64 -d | "
                    + curl.append(" \\\n  --data-binary @-");
        }
    }

    /**
     * Writes each request to a file such as {@code 0001.http}: the request line, the headers, a blank line and the
     * body.
     *
     * @throws BadInputException if the folder cannot be written or is not empty
     */
    public static void write(List<PlannedRequest> requests, Path folder) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw new BadInputException("--out: " + folder + " is not empty; name a new folder");
                }
            }
            for (int i = 0; i < requests.size(); i++) {
                Files.write(folder.resolve("%04d.http".formatted(i + 1)), bytes(requests.get(i)));
            }
        } catch (IOException e) {
            throw new BadInputException("--out: " + folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(PlannedRequest request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringBuilder head = new StringBuilder(request.method() + " " + request.url() + " HTTP/1.1\n");
        request.headers().forEach(header -> head.append(header.name())
                .append(": ")
                .append(header.value())
                .append('\n'));
        bytes.write(head.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        bytes.write(request.body());
        return bytes.toByteArray();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

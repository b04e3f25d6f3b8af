package dev.drover.bench.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with {@code mvn -Pbench test -DskipTests=false -Dtest=ConnectionTest}. */
class ConnectionTest {

    private static final int RECORDS = 500;

    private final Counts counts = new Counts(true);

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1000, 100_000})
    void shouldFindEveryIdOnceWhenPartsOfTwoSendersAlternate(int length) throws IOException {
        // Given
        byte[] whole = request("Content-Length: " + body(0).length(), body(0));
        byte[] chunked = request("Transfer-Encoding: chunked", chunks(body(RECORDS)));
        int requests = 0;

        // When
        try (SocketChannel one = SocketChannel.open();
                SocketChannel other = SocketChannel.open()) {
            Connection first = new Connection(one);
            Connection second = new Connection(other);
            for (int at = 0; at < Math.max(whole.length, chunked.length); at += length) {
                requests += take(first, whole, at, length) + take(second, chunked, at, length);
            }
        }

        // Then
        int bytes = body(0).length() + body(RECORDS).length();
        assertThat(requests).isEqualTo(2);
        assertThat(counts.text()).isEqualTo("2 " + bytes + " " + 2 * RECORDS + " " + 2 * RECORDS);
    }

    private int take(Connection connection, byte[] request, int at, int length) {
        if (at >= request.length) {
            return 0;
        }
        byte[] part = Arrays.copyOfRange(request, at, Math.min(request.length, at + length));
        return connection.take(part, part.length, counts).isPresent() ? 1 : 0;
    }

    private static byte[] request(String header, String body) {
        return ("POST /orders HTTP/1.1\r\n" + header + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static String body(int before) {
        return IntStream.rangeClosed(before + 1, before + RECORDS)
                .mapToObj(id -> "{\"id\":" + id + ",\"product\":\"idle\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String chunks(String body) {
        int half = body.length() / 2;
        return chunk(body.substring(0, half)) + chunk(body.substring(half)) + chunk("");
    }

    private static String chunk(String part) {
        return Integer.toHexString(part.length()) + "\r\n" + part + "\r\n";
    }
}

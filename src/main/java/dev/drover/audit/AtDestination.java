package dev.drover.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.ledger.Cursor;
import dev.drover.store.Receipt;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Asks a receiver, segment by segment, how many rows it has, and for the sum of the digests of their keys. The digest of
 * a key is the number of the first 8 hexadecimal digits of the MD5 of its text, so that a receiver answers with one line
 * of SQL. For one thread.
 */
public final class AtDestination {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String url;

    /**
     * A receiver that keeps the contract.
     *
     * @param url an http or https URL; the range of keys is added to its query
     * @throws IllegalArgumentException if it is none
     */
    public AtDestination(String url) {
        if (!url.matches("https?://\\S+")) {
            throw new IllegalArgumentException(url + " is not allowed, it must be an http or https URL");
        }
        this.url = url;
    }

    /**
     * Compares a segment. Count and digest must be equal if each of its rows was delivered and no other row has a key of
     * its range; otherwise the receiver must have as many rows as were delivered, or more.
     *
     * @param alone whether no rows were read beside the segments of this pipeline; asked only if something differs
     * @return what differs, in words that follow the range; empty if nothing does
     * @throws IllegalArgumentException if the receiver does not answer by the contract
     */
    Optional<String> difference(Receipt segment, BooleanSupplier alone) {
        JsonNode answer = ask(segment);
        long count = answer.path("count").asLong(-1);
        if (count < 0 || !answer.path("digest").isTextual()) {
            throw new IllegalArgumentException(
                    "the destination must answer {\"count\": 10000, \"digest\": \"21474836480000\"}");
        }
        long delivered = segment.fates().delivered();
        Optional<List<List<Object>>> keys = delivered == segment.rows() ? segment.keys() : Optional.empty();
        if (count < delivered || (count > delivered && keys.isPresent() && alone.getAsBoolean())) {
            return Optional.of(delivered + " rows were delivered, and the destination has " + count);
        }
        return keys.filter(some -> !answer.path("digest").asText().equals(digest(some)))
                .filter(some -> alone.getAsBoolean())
                .map(some -> "the destination has as many rows with other keys");
    }

    private static String digest(List<List<Object>> keys) {
        return keys.stream()
                .map(AtDestination::digestOf)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .toString();
    }

    private static BigInteger digestOf(List<Object> key) {
        String text = key.stream().map(Object::toString).collect(Collectors.joining(","));
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private JsonNode ask(Receipt segment) {
        String query = (segment.after() == null ? "" : "after=" + encoded(segment.after()) + "&") + "upTo="
                + encoded(segment.last());
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + (url.indexOf('?') < 0 ? '?' : '&') + query))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException("the destination answers " + answer.statusCode() + " to GET " + url);
            }
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the destination does not answer with JSON to GET " + url, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the destination cannot be asked now: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the audit is interrupted", e);
        }
    }

    private static String encoded(Cursor key) {
        return URLEncoder.encode(String.join(",", key.texts()), StandardCharsets.UTF_8);
    }
}

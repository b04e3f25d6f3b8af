package dev.drover.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Fetches tokens from an OAuth 2 token endpoint. It follows no redirect. The only part of an answer that an error message
 * repeats is an error code of RFC 6749. Thread-safe.
 */
final class TokenEndpoint {

    private static final int MOST_BYTES = 64 * 1024;
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    /** The life of a token without {@code expires_in}. */
    private static final Duration USUAL_LIFE = Duration.ofMinutes(5);

    private static final Set<String> ERRORS = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope",
            "invalid_target");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI address;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * Sends nothing yet.
     *
     * @param timeout the longest wait for a token, connection and answer together
     */
    TokenEndpoint(URI address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /**
     * Requests a token once.
     *
     * @param authorization the Authorization header; empty for none
     * @throws IOException if the request fails
     */
    TokenSource.Token ask(Map<String, String> form, String authorization) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        Answer answer = send(request.build());
        if (answer.status() != 200) {
            String error = answer.json().path("error").asText();
            throw failure("answered with status " + answer.status() + (ERRORS.contains(error) ? " and " + error : ""));
        }
        return token(answer.json());
    }

    private record Answer(int status, JsonNode json) {}

    /** The timeout of a request covers the headers of the answer only; this one covers the body too. */
    private Answer send(HttpRequest request) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(
                request,
                HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> add(bytes, body))));
        try {
            int status = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return new Answer(status, json(body.toByteArray()));
        } catch (TimeoutException e) {
            throw failure("did not answer in " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while requesting a token");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw failure("cannot be reached or read: " + cause.getClass().getSimpleName());
        } finally {
            answer.cancel(true);
        }
    }

    /** The client closes the connection when this throws. */
    private static void add(byte[] part, ByteArrayOutputStream body) {
        if (body.size() + part.length > MOST_BYTES) {
            throw new IllegalStateException("the answer has more than " + MOST_BYTES + " bytes");
        }
        body.writeBytes(part);
    }

    private TokenSource.Token token(JsonNode json) throws IOException {
        String value = json.path("access_token").asText();
        if (value.length() > LONGEST_TOKEN || !Given.isSendable(value)) {
            throw failure("answered without an access_token that can be sent");
        }
        String type = json.path("token_type").asText("Bearer");
        if (!type.equalsIgnoreCase("Bearer")) {
            throw failure("answered with a token_type that is not Bearer");
        }
        long seconds = json.path("expires_in").asLong(USUAL_LIFE.toSeconds());
        return new TokenSource.Token(
                value, Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_LIFE.toSeconds()))));
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.createObjectNode(); // has no token
        }
    }

    private IOException failure(String what) {
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        return new IOException("the token endpoint " + address.getScheme() + "://" + address.getHost() + port
                + address.getPath() + " " + what);
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

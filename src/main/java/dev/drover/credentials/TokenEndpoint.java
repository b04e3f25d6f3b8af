package dev.drover.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * Asks a token endpoint of OAuth 2 for tokens. Follows no redirect, and takes nothing from an answer into the text of a
 * failure but an error code of RFC 6749. Thread-safe.
 */
final class TokenEndpoint {

    private static final int MOST_BYTES = 64 * 1024;
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    /** The life of a token if its answer does not say how long it is valid. */
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
     * An endpoint; nothing is sent to it yet.
     *
     * @param timeout for how long a token may be waited for, connection and answer together
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
     * Asks once.
     *
     * @param authorization the header of that name; empty for none
     * @throws IOException if no token comes
     */
    Token ask(Map<String, String> form, String authorization) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<byte[]> answer = send(request.build());
        JsonNode json = json(answer.body());
        if (answer.statusCode() != 200) {
            String error = json.path("error").asText();
            throw failure(
                    "answered with status " + answer.statusCode() + (ERRORS.contains(error) ? " and " + error : ""));
        }
        return token(json);
    }

    /** The time-out of a request ends with the headers of its answer; this one ends with its body. */
    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new LimitedBody(MOST_BYTES));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failure("did not answer in " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it asked for a token");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw failure("cannot be reached or read: " + cause.getClass().getSimpleName());
        } finally {
            answer.cancel(true);
        }
    }

    private Token token(JsonNode json) throws IOException {
        String value = json.path("access_token").asText();
        if (value.length() > LONGEST_TOKEN || !Given.isSendable(value)) {
            throw failure("answered without an access_token that can be sent");
        }
        String type = json.path("token_type").asText("Bearer");
        if (!type.equalsIgnoreCase("Bearer")) {
            throw failure("answered with a token_type that is not Bearer");
        }
        long seconds = json.path("expires_in").asLong(USUAL_LIFE.toSeconds());
        return new Token(value, Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_LIFE.toSeconds()))));
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.createObjectNode(); // no JSON has no token
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

package dev.drover.credentials;

import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Sends a token of the OAuth 2 client credentials grant (RFC 6749, 4.4) as {@code Authorization: Bearer}. The first
 * attempt fetches the token; it is refreshed before it expires, and after a 401. Each bean has its own token. An attempt
 * without a token fails and is retried.
 */
public final class ClientCredentials extends HttpCredential {

    private static final String BEARER = "Bearer ";

    private @Nullable String tokenUrl;
    private @Nullable String clientId;
    private @Nullable Secret clientSecret;
    private @Nullable String scope;
    private @Nullable String audience;
    private @Nullable String resource;
    private boolean secretInBody;
    private Duration margin = Duration.ofSeconds(60);
    private Duration timeout = Duration.ofSeconds(10);
    private @Nullable TokenSource source;
    private @Nullable TokenEndpoint endpoint;

    /** The URL of the token endpoint. */
    public void setTokenUrl(String tokenUrl) {
        this.tokenUrl = tokenUrl.trim();
    }

    /** The id of the client. */
    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    /** The place of the client secret, see {@link Secret}. */
    public void setClientSecret(String reference) {
        this.clientSecret = Secret.of(reference);
    }

    /** The requested scopes, separated by spaces; by default the endpoint chooses. */
    public void setScope(String scope) {
        this.scope = scope;
    }

    /** Sent as {@code audience}, which some endpoints need; none by default. */
    public void setAudience(String audience) {
        this.audience = audience;
    }

    /** Sent as {@code resource} (RFC 8707); none by default. */
    public void setResource(String resource) {
        this.resource = resource;
    }

    /** Whether id and secret are form fields, for an endpoint without Basic authentication; false by default. */
    public void setSecretInBody(boolean secretInBody) {
        this.secretInBody = secretInBody;
    }

    /** How long before its expiry a token is refreshed, 60 s by default; at most half of its life. */
    public void setMargin(Duration margin) {
        this.margin = margin;
    }

    /** The longest wait for a token, 10 s by default. */
    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public List<Problem> problems() {
        return new Given()
                .address("tokenUrl", tokenUrl)
                .given("clientId", clientId)
                .secret("clientSecret", clientSecret)
                .that(!margin.isNegative(), "margin", "must not be negative")
                .that(timeout.toMillis() > 0, "timeout", "must be at least 1 ms")
                .list();
    }

    @Override
    public List<Problem> missing() {
        return new Given().works("clientSecret", clientSecret).list();
    }

    @Override
    void putOn(ClassicHttpRequest request, Consumer<String> secret) throws IOException {
        String token = source().value();
        secret.accept(token);
        request.setHeader(HttpHeaders.AUTHORIZATION, BEARER + token);
    }

    @Override
    void answered(ClassicHttpRequest request, int status) {
        Header sent = request.getFirstHeader(HttpHeaders.AUTHORIZATION);
        if (status == 401 && sent != null) {
            source().refused(sent.getValue().substring(BEARER.length()));
        }
    }

    /** Created on first use, when all properties are set. */
    private synchronized TokenSource source() {
        if (source == null) {
            source = new TokenSource(this::fetch, margin, System::nanoTime);
        }
        return source;
    }

    private synchronized TokenEndpoint endpoint() throws IOException {
        if (endpoint == null) {
            endpoint = new TokenEndpoint(URI.create(Given.text("tokenUrl", tokenUrl)), timeout);
        }
        return endpoint;
    }

    private TokenSource.Token fetch() throws IOException {
        String id = Given.text("clientId", clientId);
        String secret = Given.value("clientSecret", clientSecret);
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        put(form, "scope", scope);
        put(form, "audience", audience);
        put(form, "resource", resource);
        if (secretInBody) {
            form.put("client_id", id);
            form.put("client_secret", secret);
            return endpoint().ask(form, "");
        }
        String pair = TokenEndpoint.encoded(id) + ":" + TokenEndpoint.encoded(secret);
        return endpoint()
                .ask(form, "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private static void put(Map<String, String> form, String field, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            form.put(field, value);
        }
    }
}

package dev.drover.credentials;

import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Sends a token that another program renews as {@code Authorization: Bearer}. */
public final class BearerToken extends HttpCredential {

    private @Nullable Secret token;

    /** The place of the token, see {@link Secret}. */
    public void setToken(String reference) {
        this.token = Secret.of(reference);
    }

    @Override
    public List<Problem> problems() {
        return new Given().secret("token", token).list();
    }

    @Override
    public List<Problem> missing() {
        return new Given()
                .works("token", () -> Given.headerValue("token", token))
                .list();
    }

    @Override
    void putOn(ClassicHttpRequest request, Consumer<String> secret) throws IOException {
        String value = Given.headerValue("token", token);
        secret.accept(value);
        request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + value);
    }
}

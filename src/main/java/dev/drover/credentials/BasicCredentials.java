package dev.drover.credentials;

import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Sends a user name and a password as {@code Authorization: Basic}, in UTF-8. */
public final class BasicCredentials extends HttpCredential {

    private @Nullable String username;
    private @Nullable Secret password;

    /** The user name; it must not contain a colon. */
    public void setUsername(String username) {
        this.username = username;
    }

    /** The place of the password, see {@link Secret}. */
    public void setPassword(String reference) {
        this.password = Secret.of(reference);
    }

    @Override
    public List<Problem> problems() {
        return new Given()
                .given("username", username)
                .that(username == null || username.indexOf(':') < 0, "username", "must not contain a colon")
                .secret("password", password)
                .list();
    }

    @Override
    public List<Problem> missing() {
        return new Given().works("password", password).list();
    }

    @Override
    void putOn(ClassicHttpRequest request, Consumer<String> secret) throws IOException {
        String value = Given.value("password", password);
        String pair = Given.text("username", username) + ":" + value;
        String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        secret.accept(value);
        secret.accept(encoded);
        request.setHeader(HttpHeaders.AUTHORIZATION, "Basic " + encoded);
    }
}

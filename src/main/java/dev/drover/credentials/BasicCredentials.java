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

/** A user name and a password, sent with each attempt as {@code Authorization: Basic}, in UTF-8. */
public final class BasicCredentials extends HttpCredential {

    private @Nullable String username;
    private @Nullable Secret password;

    /** The user name, as it is; must have no colon. */
    public void setUsername(String username) {
        this.username = username;
    }

    /** Where the password is, see {@link Secret}. */
    public void setPassword(String reference) {
        this.password = Secret.of(reference);
    }

    @Override
    public List<Problem> problems() {
        return new Given()
                .given("username", username)
                .that(username == null || username.indexOf(':') < 0, "username", "must have no colon")
                .secret("password", password)
                .list();
    }

    @Override
    public List<Problem> missing() {
        return new Given()
                .works("password", () -> Given.value("password", password))
                .list();
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

package dev.drover.credentials;

import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** Sends a key in a header of its own. */
public final class ApiKey extends HttpCredential {

    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private String header = "X-API-Key";
    private @Nullable Secret key;

    /** The name of the header; {@code X-API-Key} by default. */
    public void setHeader(String header) {
        this.header = header;
    }

    /** The place of the key, see {@link Secret}. */
    public void setKey(String reference) {
        this.key = Secret.of(reference);
    }

    @Override
    public List<Problem> problems() {
        return new Given()
                .that(HEADER.matcher(header).matches(), "header", "is not a header name, such as X-API-Key")
                .secret("key", key)
                .list();
    }

    @Override
    public List<Problem> missing() {
        return new Given().works("key", () -> Given.headerValue("key", key)).list();
    }

    @Override
    void putOn(ClassicHttpRequest request, Consumer<String> secret) throws IOException {
        String value = Given.headerValue("key", key);
        secret.accept(value);
        request.setHeader(header, value);
    }
}

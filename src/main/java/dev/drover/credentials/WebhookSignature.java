package dev.drover.credentials;

import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Signs each attempt according to Standard Webhooks. {@code webhook-id} is the Idempotency-Key of the request, the same
 * for each attempt; {@code webhook-timestamp} is the time of the attempt; {@code webhook-signature} has one HMAC-SHA256
 * for each secret, over id, timestamp and body. With two secrets the receiver can rotate them at any time.
 */
public final class WebhookSignature extends HttpCredential {

    private static final String PREFIX = "whsec_";
    private static final String ID = "Idempotency-Key";

    private List<Secret> secrets = List.of();

    /** The places of the secrets, separated by commas, see {@link Secret}; each secret is {@code whsec_} and base64. */
    public void setSecrets(String references) {
        this.secrets = Stream.of(references.split(",", -1)).map(Secret::of).toList();
    }

    @Override
    public List<Problem> problems() {
        Given problems = new Given()
                .that(
                        !secrets.isEmpty(),
                        "secrets",
                        "has no value; allowed are env:NAME and file:/path, separated by commas");
        secrets.forEach(secret -> problems.secret("secrets", secret));
        return problems.list();
    }

    @Override
    public List<Problem> missing() {
        Given problems = new Given();
        secrets.forEach(secret -> problems.works("secrets", () -> key(secret)));
        return problems.list();
    }

    @Override
    void putOn(ClassicHttpRequest request, Consumer<String> secret) throws IOException {
        Header id = request.getFirstHeader(ID);
        if (id == null) {
            throw new IOException(
                    "the request has no " + ID + ", which the signature needs; set that header in the route");
        }
        byte[] body = body(request);
        long timestamp = Instant.now().getEpochSecond();
        byte[] head = (id.getValue() + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        List<String> signatures = new ArrayList<>();
        for (Secret each : secrets) {
            String signature = signature(key(each), head, body);
            secret.accept(signature);
            signatures.add("v1," + signature);
        }
        request.setHeader("webhook-id", id.getValue());
        request.setHeader("webhook-timestamp", timestamp);
        request.setHeader("webhook-signature", String.join(" ", signatures));
    }

    /** The bytes of the body, which replace the body of the request so that exactly they are sent. */
    private static byte[] body(ClassicHttpRequest request) throws IOException {
        HttpEntity entity = request.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        entity.writeTo(bytes);
        byte[] body = bytes.toByteArray();
        request.setEntity(new ByteArrayEntity(
                body, ContentType.parse(entity.getContentType()), entity.getContentEncoding(), entity.isChunked()));
        return body;
    }

    private static String signature(byte[] key, byte[] head, byte[] body) throws IOException {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(head);
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IOException("the request cannot be signed", e);
        }
    }

    private static byte[] key(Secret secret) throws IOException {
        String value = secret.value();
        try {
            byte[] key = Base64.getDecoder().decode(value.startsWith(PREFIX) ? value.substring(PREFIX.length()) : "");
            if (key.length > 0) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // reported below: the message of this exception shows a character of the secret
        }
        throw new IOException(secret.place() + " is not whsec_ followed by base64");
    }
}

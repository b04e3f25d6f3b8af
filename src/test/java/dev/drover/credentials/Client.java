package dev.drover.credentials;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** The HTTP client of an endpoint, with credentials. */
final class Client implements AutoCloseable {

    /** An answer as the route sees it. */
    record Seen(int status, String reason, String headers, String body) {}

    private final CloseableHttpClient http;

    Client(HttpClientConfigurer... configurers) {
        HttpClientBuilder builder = HttpClientBuilder.create()
                .disableAutomaticRetries()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(32)
                        .setMaxConnTotal(64)
                        .build());
        for (HttpClientConfigurer configurer : configurers) {
            configurer.configureHttpClient(builder);
        }
        http = builder.build();
    }

    Seen post(String url) throws IOException {
        return post(url, "key-1", "[]");
    }

    Seen post(String url, String key, String body) throws IOException {
        HttpPost post = new HttpPost(url);
        if (!key.isEmpty()) {
            post.setHeader("Idempotency-Key", key);
        }
        post.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON.withCharset(StandardCharsets.UTF_8)));
        return http.execute(
                post,
                answer -> new Seen(
                        answer.getCode(),
                        String.valueOf(answer.getReasonPhrase()),
                        Arrays.stream(answer.getHeaders()).map(Header::toString).collect(Collectors.joining("\n")),
                        answer.getEntity() == null ? "" : EntityUtils.toString(answer.getEntity())));
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}

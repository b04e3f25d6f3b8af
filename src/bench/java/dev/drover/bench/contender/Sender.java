package dev.drover.bench.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Posts batches over connections that stay open, one for each sender. Thread-safe. */
final class Sender implements AutoCloseable {

    private final String destination;
    private final CloseableHttpClient client;

    Sender(String destination, int parallelism) {
        this.destination = destination;
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(parallelism)
                        .setMaxConnTotal(parallelism)
                        .build())
                .disableAutomaticRetries()
                .build();
    }

    /**
     * Posts one batch and waits for the answer.
     *
     * @param length how many of the bytes it has
     * @throws UncheckedIOException when it was not accepted
     */
    void post(byte[] json, int length) {
        HttpPost post = new HttpPost(destination);
        post.setEntity(new ByteArrayEntity(json, 0, length, ContentType.APPLICATION_JSON));
        try {
            int status = client.execute(post, answer -> {
                EntityUtils.consume(answer.getEntity());
                return answer.getCode();
            });
            if (status != 200) {
                throw new IOException("status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}

package dev.drover.credentials;

import dev.drover.config.CheckedBean;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * Puts a credential on each attempt, below the exchange, where no header, log, dead letter or plan sees it: the last
 * thing before the request is written. What the answer repeats of it, in its body, headers or status line, is covered
 * before anyone reads it. To be named as {@code credentials} of the bean of a destination. Thread-safe once it is set up;
 * may serve several destinations.
 *
 * <p>A redirect to another address gets no credential. Extended only inside this package.
 */
public abstract class HttpCredential implements HttpClientConfigurer, CheckedBean {

    private static final String ATTEMPT = HttpCredential.class.getName() + ".attempt";

    HttpCredential() {}

    @Override
    public final void configureHttpClient(HttpClientBuilder client) {
        // outside of everything that reads the answer or unpacks it; inside of everything that changes the request
        client.addExecInterceptorFirst("cover-credential", this::cover);
        client.addExecInterceptorAfter(ChainElement.CONNECT.name(), "credential", this::attempt);
    }

    /**
     * Sets the headers of an attempt.
     *
     * @param secret takes each text that the answer must not repeat
     * @throws IOException if there is no credential now: the attempt fails, and is tried again
     */
    abstract void putOn(ClassicHttpRequest request, Consumer<String> secret) throws IOException;

    /** The destination answered the request with this status. */
    void answered(ClassicHttpRequest request, int status) {}

    private ClassicHttpResponse attempt(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Attempt attempt = attempt(scope);
        if (!scope.route.getTargetHost().equals(attempt.target())) {
            return chain.proceed(request, scope);
        }
        putOn(request, attempt.secrets()::add);
        ClassicHttpResponse response = chain.proceed(request, scope);
        answered(request, response.getCode());
        return response;
    }

    private ClassicHttpResponse cover(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Attempt attempt = attempt(scope);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            Cover.of(attempt.secrets()).put(response);
            return response;
        } catch (IOException | HttpException e) {
            Cover cover = Cover.of(attempt.secrets());
            if (cover.isNeededBy(e)) {
                // no cause: it would show what was covered
                throw new IOException(cover.put(String.valueOf(e)));
            }
            throw e;
        }
    }

    /**
     * What an attempt knows.
     *
     * @param target where it went first
     * @param secrets what it has sent
     */
    private record Attempt(HttpHost target, List<String> secrets) {}

    /** A context belongs to one attempt; the outermost interceptor is the first to ask. */
    private static Attempt attempt(ExecChain.Scope scope) {
        Attempt attempt = (Attempt) scope.clientContext.getAttribute(ATTEMPT);
        if (attempt == null) {
            attempt = new Attempt(scope.route.getTargetHost(), new ArrayList<>());
            scope.clientContext.setAttribute(ATTEMPT, attempt);
        }
        return attempt;
    }
}

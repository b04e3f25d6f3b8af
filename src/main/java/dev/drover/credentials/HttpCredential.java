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
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Adds a credential to each attempt. It does so below the exchange, as the last step before the request is written, so
 * that no header of the exchange, log line, dead letter or plan contains it. It covers the credential in the body,
 * headers and status line of the answer before anything reads the answer. Set it as {@code credentials} of a destination
 * bean. Thread-safe once it is set up; several destinations may share it.
 *
 * <p>A redirect to another host gets no credential. Extended only inside this package.
 */
public abstract class HttpCredential implements HttpClientConfigurer, CheckedBean {

    private static final String ATTEMPT = HttpCredential.class.getName() + ".attempt";

    HttpCredential() {}

    @Override
    public final void configureHttpClient(HttpClientBuilder client) {
        // outside of everything that reads or unpacks the answer; inside of everything that changes the request
        client.addExecInterceptorFirst("cover-credential", this::cover);
        client.addExecInterceptorAfter(ChainElement.CONNECT.name(), "credential", this::attempt);
    }

    /**
     * Sets the headers of an attempt.
     *
     * @param secret takes each text to be covered in the answer
     * @throws IOException if there is no credential now: the attempt fails and is retried
     */
    abstract void putOn(ClassicHttpRequest request, Consumer<String> secret) throws IOException;

    /** Called with the status of each answer. */
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
            if (!attempt.secrets().isEmpty()) {
                cover(response, Cover.of(attempt.secrets()));
            }
            return response;
        } catch (IOException | HttpException e) {
            Cover cover = Cover.of(attempt.secrets());
            if (cover.isNeededBy(e)) {
                // no cause: it would show the secret
                throw new IOException(cover.put(String.valueOf(e)));
            }
            throw e;
        }
    }

    private static void cover(ClassicHttpResponse response, Cover cover) {
        if (response.getReasonPhrase() != null) {
            response.setReasonPhrase(cover.put(response.getReasonPhrase()));
        }
        Header[] headers = response.getHeaders();
        for (int i = 0; i < headers.length; i++) {
            String value = headers[i].getValue();
            if (value != null && !cover.put(value).equals(value)) {
                headers[i] = new BasicHeader(headers[i].getName(), cover.put(value));
            }
        }
        response.setHeaders(headers);
        if (response.getEntity() != null) {
            response.setEntity(new CoveredBody(response.getEntity(), cover));
        }
    }

    /**
     * The state of one attempt.
     *
     * @param target the first host
     * @param secrets the secrets sent so far
     */
    private record Attempt(HttpHost target, List<String> secrets) {}

    /** Each attempt has a client context of its own; the outermost interceptor comes first. */
    private static Attempt attempt(ExecChain.Scope scope) {
        Attempt attempt = (Attempt) scope.clientContext.getAttribute(ATTEMPT);
        if (attempt == null) {
            attempt = new Attempt(scope.route.getTargetHost(), new ArrayList<>());
            scope.clientContext.setAttribute(ATTEMPT, attempt);
        }
        return attempt;
    }
}

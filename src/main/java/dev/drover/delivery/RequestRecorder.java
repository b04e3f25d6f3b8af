package dev.drover.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * Records the requests of every HTTP endpoint with all headers, just before a connection would be opened, instead of
 * sending them. It answers each with a success and an empty object. Only GET and HEAD are sent, because steps use them for
 * look-ups. Register it as an endpoint callback before any route starts. Thread-safe.
 */
public final class RequestRecorder implements EndpointStrategy {

    private static final Set<String> LOOKS_UP = Set.of("GET", "HEAD");

    private final List<PlannedRequest> requests = new ArrayList<>();

    /** The requests so far, in the order in which they would have been sent. */
    public synchronized List<PlannedRequest> requests() {
        return List.copyOf(requests);
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        if (endpoint instanceof HttpEndpoint http) {
            http.setHttpClient(null); // an existing client could not be kept from sending
            http.setHttpClientConfigurer(CompositeHttpConfigurer.combineConfigurers(
                    http.getHttpClientConfigurer(),
                    client -> client.addExecInterceptorBefore(
                            ChainElement.CONNECT.name(),
                            "recorder",
                            (request, scope, chain) -> answer(request, scope, chain, accepted(http)))));
        }
        return endpoint;
    }

    private ClassicHttpResponse answer(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, int status)
            throws IOException, HttpException {
        if (LOOKS_UP.contains(request.getMethod())) {
            return chain.proceed(request, scope);
        }
        record(request);
        BasicClassicHttpResponse response = new BasicClassicHttpResponse(status);
        response.setEntity(new StringEntity("{}", ContentType.APPLICATION_JSON));
        return response;
    }

    /** The first status that the step counts as a success. */
    private static int accepted(HttpEndpoint http) {
        return Integer.parseInt(http.getOkStatusCodeRange().trim().replaceFirst("\\D.*", ""));
    }

    private void record(ClassicHttpRequest request) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (request.getEntity() != null) {
            request.getEntity().writeTo(body);
        }
        List<PlannedRequest.Header> headers = new ArrayList<>();
        for (var header : request.getHeaders()) {
            headers.add(new PlannedRequest.Header(header.getName(), String.valueOf(header.getValue())));
        }
        HttpEntity entity = request.getEntity();
        if (entity != null && entity.getContentType() != null && !request.containsHeader(HttpHeaders.CONTENT_TYPE)) {
            headers.add(new PlannedRequest.Header(HttpHeaders.CONTENT_TYPE, entity.getContentType()));
        }
        if (entity != null
                && entity.getContentEncoding() != null
                && !request.containsHeader(HttpHeaders.CONTENT_ENCODING)) {
            headers.add(new PlannedRequest.Header(HttpHeaders.CONTENT_ENCODING, entity.getContentEncoding()));
        }
        PlannedRequest planned = new PlannedRequest(request.getMethod(), url(request), headers, body.toByteArray());
        synchronized (this) {
            requests.add(planned);
        }
    }

    private static String url(ClassicHttpRequest request) throws IOException {
        try {
            return request.getUri().toString();
        } catch (URISyntaxException e) {
            throw new IOException("the address of the request is not one", e);
        }
    }
}

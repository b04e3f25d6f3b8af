package dev.drover.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Reads an answer up to a limit, unpacks it, and replaces a charset that Java does not know, so that its form cannot make
 * a later step fail. An answer that cannot be unpacked keeps its bytes; the policy decides whether it can read them.
 *
 * @param limit of the bytes, both packed and unpacked
 */
record PlainAnswer(int limit) implements ExecChainHandler {

    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\";]*)\"?");

    private static final Pattern PARAMETERS = Pattern.compile(";.*");

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        WatchedBody body = request.getEntity() == null ? null : new WatchedBody(request.getEntity());
        request.setEntity(body);
        ClassicHttpResponse response;
        try {
            response = chain.proceed(request, scope);
        } catch (IOException e) {
            throw body == null ? e : body.explained(e);
        }
        if (response.getEntity() != null) {
            response.setEntity(read(response, response.getEntity(), scope));
        }
        if (body != null && body.isCut()) {
            scope.execRuntime.discardEndpoint();
            if (response.getCode() < 400) {
                throw body.explained(new IOException("status " + response.getCode() + " to a part of the body"));
            }
            // It refuses the part that it has read: no policy may accept the records after that part.
            response.setEntity(new ByteArrayEntity(new byte[0], null));
        }
        return response;
    }

    private HttpEntity read(ClassicHttpResponse response, HttpEntity answer, ExecChain.Scope scope) throws IOException {
        try (InputStream in = answer.getContent()) {
            byte[] bytes = in == null ? new byte[0] : in.readNBytes(limit);
            if (in != null && bytes.length == limit && in.read() >= 0) {
                // otherwise the client would read to the end of the answer, to use the connection again
                scope.execRuntime.discardEndpoint();
            }
            Header encoding = response.getFirstHeader(HttpHeaders.CONTENT_ENCODING);
            byte[] plain = encoding == null ? bytes : unpacked(String.valueOf(encoding.getValue()), bytes);
            response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
            response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
            makeCharsetKnown(response);
            return new ByteArrayEntity(plain, null);
        }
    }

    private byte[] unpacked(String encoding, byte[] bytes) {
        try (InputStream packed = new ByteArrayInputStream(bytes);
                InputStream in =
                        switch (encoding.trim().toLowerCase(Locale.ROOT)) {
                            case "gzip", "x-gzip" -> new GZIPInputStream(packed);
                            case "deflate" -> new InflaterInputStream(packed);
                            default -> packed;
                        }) {
            return in.readNBytes(limit);
        } catch (IOException e) {
            return bytes;
        }
    }

    /** Camel decodes an answer with the charset of this header, and fails if Java does not know it. */
    private static void makeCharsetKnown(ClassicHttpResponse response) {
        String type = AnswerHead.value(response, HttpHeaders.CONTENT_TYPE);
        Matcher charset = CHARSET.matcher(type);
        if (!charset.find() || !isSupported(charset.group(1).trim())) {
            String media = PARAMETERS.matcher(type).replaceFirst("").trim();
            response.setHeader(HttpHeaders.CONTENT_TYPE, (media.isEmpty() ? "text/plain" : media) + "; charset=utf-8");
        }
    }

    private static boolean isSupported(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

package dev.drover.delivery;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.camel.util.Pair;
import org.apache.camel.util.URISupport;
import org.apache.camel.util.UnsafeUriCharactersEncoder;

/**
 * Keeps the addresses of services as they are written. Camel sorts the parameters of a query, encodes them again, takes
 * those that are named like one of its options, and decodes the path. So Camel gets a mark instead of the query, and
 * the endpoint gets the address afterwards. The query in a setting belongs to the service as a whole; from a query in a
 * route file, the options of the component are taken out. A user and a password in an address become credentials,
 * because HTTP clients refuse them there.
 */
final class WrittenAddresses implements EndpointStrategy {

    private static final String MARK = "droverAddress";

    /** Keeps a mark from revealing a secret in its address. */
    private static final UUID SALT = UUID.randomUUID();

    /** Options that the component takes but does not list. */
    private static final Set<String> TIMEOUTS =
            Set.of("connectionRequestTimeout", "connectTimeout", "responseTimeout", "soTimeout");

    /** How many addresses of messages are kept; Camel asks for each at once. */
    private static final int MADE = 10_000;

    static final Pattern FUNCTION = Pattern.compile("\\$(?:simple)?\\{[^{}]*(?:\\{[^{}]*}[^{}]*)*}");
    private static final Pattern SETTING = Pattern.compile("\\{\\{([^?{}][^{}]*)}}");
    private static final Pattern ADDRESS =
            Pattern.compile("(?s)(https?://)(?:([^/?#@]*)@)?([^/?#@]+)([^?#]*)(?:\\?([^#]*))?.*");

    private final CamelContext context;
    private final Set<String> options;
    private final Map<String, String> written = new ConcurrentHashMap<>();
    private final Map<String, String> made = LRUCacheFactory.newLRUCache(MADE);

    WrittenAddresses(CamelContext context) {
        this.context = context;
        this.options = new HashSet<>(TIMEOUTS);
        options.addAll(
                context.getCamelContextExtension().getEndpointUriFactory("http").propertyNames());
    }

    /**
     * The text that Camel gets for the address of a step.
     *
     * @param uri as the step has it, with its options
     * @param parameters of the Kamelet that made the route of the step; empty for none
     */
    String marked(String uri, Map<String, Object> parameters) {
        Parts parts = parts(uri);
        String head = resolved(parts.head(), parameters);
        String sent = resolved(parts.sent(), parameters);
        return uri.contains(MARK)
                ? uri
                : marked(new Parts(head, sent, parts.options()), written).orElse(uri);
    }

    /** The text that Camel gets for an address that was made of a message; empty if the address is right as it is. */
    Optional<String> made(Parts parts) {
        return marked(parts, made);
    }

    private static Optional<String> marked(Parts parts, Map<String, String> addresses) {
        Matcher address = ADDRESS.matcher(with(parts.head().strip(), parts.sent()));
        if (!address.matches()) {
            return Optional.empty();
        }
        String user = address.group(2) == null ? "" : address.group(2) + "@";
        String place = address.group(3) + address.group(4);
        String query = address.group(5) == null ? "" : "?" + address.group(5);
        String whole = address.group(1) + user + place + query;
        if (!whole.matches("(?s).*[?%@].*") || parsed(whole).isEmpty()) {
            return Optional.empty(); // Camel keeps it as it is written, or says what is wrong with it
        }
        String mark = UUID.nameUUIDFromBytes((SALT + whole).getBytes(StandardCharsets.UTF_8))
                .toString();
        addresses.put(mark, whole);
        return Optional.of(with(address.group(1) + place, parts.options() + "&" + MARK + "=" + mark));
    }

    private static String with(String address, String pieces) {
        boolean isFirst = !pieces.isEmpty() && !address.contains("?");
        return address + (isFirst ? "?" + pieces.substring(1) : pieces);
    }

    /** Divides an address as a step has it. A function and a raw value may have a question mark or an ampersand. */
    Parts parts(String uri) {
        String text = FUNCTION.matcher(uri)
                .replaceAll(found -> "x".repeat(found.group().length()));
        List<Pair<Integer>> raw = URISupport.scanRaw(text);
        int query = text.indexOf('?');
        if (query < 0) {
            return new Parts(uri, "", "");
        }
        StringBuilder sent = new StringBuilder();
        StringBuilder options = new StringBuilder();
        int from = query + 1;
        for (int i = from; i <= uri.length(); i++) {
            if (i == uri.length() || (text.charAt(i) == '&' && !URISupport.isRaw(i, raw))) {
                String piece = uri.substring(from, i);
                (isOption(piece) ? options : sent).append('&').append(piece);
                from = i + 1;
            }
        }
        return new Parts(uri.substring(0, query), sent.toString(), options.toString());
    }

    /**
     * An address as a step has it.
     *
     * @param head what stands before the query
     * @param sent the part of the query that the service gets, each piece behind an ampersand
     * @param options the part of the query that the component takes, likewise
     */
    record Parts(String head, String sent, String options) {}

    private boolean isOption(String piece) {
        String name = piece.replaceFirst("(?s)=.*", "");
        return options.contains(name)
                || name.matches("(httpClient|httpConnection)\\..*")
                || piece.contains("=RAW") // not as it leaves
                || piece.contains("{{?"); // only if it has a value
    }

    String resolved(String text, Map<String, Object> parameters) {
        Matcher setting = SETTING.matcher(text);
        String own = setting.replaceAll(found ->
                Matcher.quoteReplacement(String.valueOf(parameters.getOrDefault(found.group(1), found.group()))));
        try {
            return context.resolvePropertyPlaceholders(own);
        } catch (RuntimeException e) {
            return text; // other checks report a setting without a value
        }
    }

    private static Optional<URI> parsed(String address) {
        try {
            return Optional.of(URI.create(UnsafeUriCharactersEncoder.encodeHttpURI(address)))
                    .filter(uri -> uri.getHost() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        String query = endpoint instanceof HttpEndpoint http ? http.getHttpUri().getRawQuery() : null;
        if (query != null && query.contains(MARK)) {
            restore((HttpEndpoint) endpoint, List.of(query.split("&")));
        }
        return endpoint;
    }

    /** Other parameters that Camel has left in the query belong to the service too. */
    private void restore(HttpEndpoint http, List<String> query) {
        StringBuilder address = new StringBuilder();
        query.stream()
                .filter(piece -> piece.startsWith(MARK + "="))
                .map(piece -> piece.substring(MARK.length() + 1))
                .map(mark -> written.containsKey(mark) ? written.get(mark) : made.get(mark))
                .forEach(address::append);
        query.stream().filter(piece -> !piece.startsWith(MARK + "=")).forEach(piece -> address.append(
                        address.indexOf("?") < 0 ? '?' : '&')
                .append(piece));
        URI whole = parsed(address.toString()).orElseThrow();
        if (whole.getRawUserInfo() != null) {
            String[] login = whole.getRawUserInfo().split(":", 2);
            http.setAuthenticationPreemptive(true);
            http.setAuthUsername(decoded(login[0]));
            http.setAuthPassword(login.length == 1 ? "" : decoded(login[1]));
            whole = URI.create(whole.toString().replaceFirst("//[^/?#]*@", "//"));
        }
        http.setHttpUri(whole);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

package dev.drover.delivery;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The hosts to which records may lead by a value. Immutable.
 *
 * @param hosts in lower case; one that begins with a dot stands for all that end with it
 * @param isPrivate whether they may be in a private network
 */
record AllowedHosts(List<String> hosts, boolean isPrivate) {

    static final AllowedHosts NONE = new AllowedHosts(List.of(), false);

    AllowedHosts withHosts(String list) {
        List<String> names = Arrays.stream(list.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        names.stream()
                .filter(name -> !name.matches("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*"))
                .forEach(name -> {
                    throw new IllegalArgumentException("allowedHosts: " + list
                            + " is not allowed, it must be names of hosts separated by commas, like api.example or"
                            + " *.tenants.example");
                });
        return new AllowedHosts(
                names.stream().map(name -> name.replaceFirst("^\\*", "")).toList(), isPrivate);
    }

    AllowedHosts withPrivate(boolean allowed) {
        return new AllowedHosts(hosts, allowed);
    }

    /**
     * Lets an address pass.
     *
     * @throws UnsendableException if nothing may be sent there
     */
    void check(URI address) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        if (hosts.stream().noneMatch(name -> name.startsWith(".") ? host.endsWith(name) : host.equals(name))) {
            throw new UnsendableException("the host of the address is not in allowedHosts");
        }
        if (!isPrivate && leadsInside(host)) {
            throw new UnsendableException("the host of the address is in a private network");
        }
    }

    /** Java keeps what it resolves for 30 seconds, so a client that connects at once gets the same addresses. */
    private static boolean leadsInside(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).anyMatch(AllowedHosts::isInside);
        } catch (UnknownHostException e) {
            return false; // the attempt fails, or a proxy knows it
        }
    }

    /** The last ones are unique local addresses of IPv6, and those that providers share among customers. */
    private static boolean isInside(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc)
                || (bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64);
    }
}

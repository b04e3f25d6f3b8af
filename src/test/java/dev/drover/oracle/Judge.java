package dev.drover.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.oracle.Outcome.End;
import dev.drover.testing.Database;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what the source has with what was received. It asks the database for its rows in their order, and never
 * compares a key itself: the place of a checkpoint is that of the received row which has the same key.
 *
 * @param store where checkpoints and dead letters are kept
 */
record Judge(Scenario scenario, Database source, Database store, Receiver receiver, Writers writers) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is wrong whatever comes next; empty if nothing is. */
    Optional<Outcome> wrong() {
        Set<String> phantoms = new TreeSet<>(receiver.accepted().keySet());
        phantoms.removeIf(uid -> writers.committed().contains(uid.replaceFirst("-.*", "")));
        return phantoms.isEmpty() ? passed() : Optional.of(new Outcome(End.PHANTOM, "never committed: " + phantoms));
    }

    /** The rows in scope that were neither received nor set aside. */
    Set<String> missing() {
        Set<String> missing = new LinkedHashSet<>(rows());
        missing.removeAll(settled());
        return missing;
    }

    private Optional<Outcome> passed() {
        if (writers.tooLate() || receiver.accepted().isEmpty()) {
            return Optional.empty();
        }
        for (String cursor :
                store.column("SELECT cursor_json FROM drover_checkpoint WHERE cursor_json IS NOT NULL AND pipeline = '"
                        + scenario.route().name() + "'")) {
            Set<String> settled = settled();
            List<String> passed =
                    upTo(cursor).stream().filter(uid -> !settled.contains(uid)).toList();
            if (!passed.isEmpty()) {
                return Optional.of(new Outcome(
                        End.PASSED,
                        "the checkpoint is at " + cursor + ", and below it these were not received: "
                                + described(passed)));
            }
        }
        return Optional.empty();
    }

    /** The rows in scope from the first to that of a cursor; none when no such row was received. */
    List<String> upTo(String cursor) {
        List<String> rows = rows();
        int place = received()
                .filter(row -> hasKey(row, cursor))
                .mapToInt(row -> rows.indexOf(row.path("uid").asText()))
                .max()
                .orElse(-1);
        return rows.subList(0, place + 1);
    }

    private static boolean hasKey(JsonNode row, String cursor) {
        try {
            for (JsonNode part : JSON.readTree(cursor)) {
                if (!row.path(part.path("column").asText())
                        .asText()
                        .equals(part.path("value").asText())) {
                    return false;
                }
            }
            return true;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Stream<JsonNode> received() {
        return receiver.acceptedRequests().map(Request::records).flatMap(List::stream);
    }

    /** The uids of the rows in scope, in the order of their keys. */
    List<String> rows() {
        Schema schema = scenario.schema();
        return source.column("SELECT uid FROM " + schema.from()
                + scenario.route().condition(" WHERE ") + " ORDER BY " + schema.keyNames());
    }

    private Set<String> settled() {
        Set<String> settled = new TreeSet<>(receiver.accepted().keySet());
        settled.addAll(setAside());
        return settled;
    }

    /** The uids of its dead letters. */
    Set<String> setAside() {
        return store
                .column("SELECT payload FROM drover_dead_letter WHERE payload IS NOT NULL AND pipeline = '"
                        + scenario.route().name() + "'")
                .stream()
                .map(Judge::uidOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String uidOf(String payload) {
        try {
            JsonNode sent = JSON.readTree(payload);
            return (sent.isArray() ? sent.path(0) : sent).path("uid").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows with their keys. */
    String described(Iterable<String> uids) {
        Schema schema = scenario.schema();
        String key = schema.key().size() == 1 ? schema.keyNames() : "CONCAT_WS(', ', " + schema.keyNames() + ")";
        StringBuilder described = new StringBuilder();
        for (String uid : uids) {
            source.column("SELECT " + key + " FROM " + schema.from() + " WHERE uid = '" + uid + "'")
                    .forEach(value -> described
                            .append(' ')
                            .append(uid)
                            .append("=(")
                            .append(value)
                            .append(')'));
            if (described.length() > 500) {
                return described + " ...";
            }
        }
        return described.toString();
    }
}

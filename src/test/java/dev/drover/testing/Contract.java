package dev.drover.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** How services say which records of a batch they have stored and which not, as real ones do. */
public enum Contract {
    /** 207 with a list of statuses. */
    MULTI_STATUS {
        @Override
        Answer answer(List<Item> items) {
            ArrayNode list = JSON.createArrayNode();
            items.forEach(item -> list.addObject().put("status", item.status).put("error", "on purpose"));
            return new Answer(207, JSON_TYPE, list.toString(), stored(items));
        }
    },
    /** 200 with an item of one action for each record. */
    OPENSEARCH {
        @Override
        Answer answer(List<Item> items) {
            ObjectNode root = JSON.createObjectNode().put("took", 1);
            root.put("errors", items.stream().anyMatch(item -> item.status >= 300));
            ArrayNode list = root.putArray("items");
            for (Item item : items) {
                ObjectNode result = list.addObject().putObject("index");
                result.put("_id", item.id).put("status", item.status);
                if (item.status >= 300) {
                    result.putObject("error").put("type", "mapper").put("reason", "on purpose");
                }
            }
            return new Answer(200, JSON_TYPE, root.toString(), stored(items));
        }
    },
    /** 201 with a list in which errors have names. */
    COUCHDB {
        @Override
        Answer answer(List<Item> items) {
            ArrayNode list = JSON.createArrayNode();
            for (Item item : items) {
                ObjectNode result = list.addObject().put("id", item.id);
                switch (item.status) {
                    case 201 -> result.put("ok", true).put("rev", "1-a");
                    case 422 -> result.put("error", "forbidden").put("reason", "on purpose");
                    default -> result.put("error", "internal_server_error").put("reason", "on purpose");
                }
            }
            return new Answer(201, JSON_TYPE, list.toString(), stored(items));
        }
    },
    /** 200 with the ids of those that failed. */
    LAMBDA {
        @Override
        Answer answer(List<Item> items) {
            ObjectNode root = JSON.createObjectNode();
            ArrayNode list = root.putArray("batchItemFailures");
            items.stream().filter(item -> item.status >= 300).forEach(item -> list.addObject()
                    .put("itemIdentifier", item.id));
            return new Answer(200, JSON_TYPE, root.toString(), stored(items));
        }
    },
    /** 400 with the places of those that are refused, although the others are stored; knows no other failure. */
    MIXPANEL {
        @Override
        Answer answer(List<Item> items) {
            ObjectNode root = JSON.createObjectNode();
            ArrayNode list = root.putArray("failed_records");
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).status == 422) {
                    list.addObject().put("index", i).put("message", "on purpose");
                } else if (items.get(i).status >= 300) {
                    return new Answer(503, Map.of(), "later");
                }
            }
            return new Answer(list.isEmpty() ? 200 : 400, JSON_TYPE, root.toString(), stored(items));
        }
    },
    /** 200 with an item for each record; an item has a number or an error. */
    KINESIS {
        @Override
        Answer answer(List<Item> items) {
            ObjectNode root = JSON.createObjectNode();
            root.put("FailedRecordCount", items.stream().filter(Item::failed).count());
            ArrayNode list = root.putArray("Records");
            for (Item item : items) {
                ObjectNode result = list.addObject();
                switch (item.status) {
                    case 201 -> result.put("SequenceNumber", "4954").put("ShardId", "shardId-000000000001");
                    case 422 -> result.put("ErrorCode", "ValidationException").put("ErrorMessage", "on purpose");
                    default ->
                        result.put("ErrorCode", "ProvisionedThroughputExceededException")
                                .put("ErrorMessage", "later");
                }
            }
            return new Answer(200, JSON_TYPE, root.toString(), stored(items));
        }
    },
    /** 200 with an item for each record; an item is a success or has errors. */
    SALESFORCE {
        @Override
        Answer answer(List<Item> items) {
            ArrayNode list = JSON.createArrayNode();
            for (Item item : items) {
                ObjectNode result = list.addObject().put("success", !item.failed());
                ArrayNode errors = result.putArray("errors");
                if (item.failed()) {
                    errors.addObject()
                            .put("statusCode", item.status == 422 ? "REQUIRED_FIELD_MISSING" : "UNABLE_TO_LOCK_ROW")
                            .put("message", "on purpose");
                } else {
                    result.put("id", "001" + item.id);
                }
            }
            return new Answer(200, JSON_TYPE, list.toString(), stored(items));
        }
    },
    /** 200 with the invalid rows; if there are any, all other rows are stopped, and nothing is stored. */
    BIGQUERY {
        @Override
        Answer answer(List<Item> items) {
            ObjectNode root = JSON.createObjectNode();
            if (items.stream().anyMatch(Item::failed)) {
                ArrayNode list = root.putArray("insertErrors");
                for (int i = 0; i < items.size(); i++) {
                    String reason =
                            switch (items.get(i).status) {
                                case 422 -> "invalid";
                                case 503 -> "backendError";
                                default -> "stopped";
                            };
                    list.addObject()
                            .put("index", i)
                            .putArray("errors")
                            .addObject()
                            .put("reason", reason)
                            .put("message", "on purpose");
                }
                return new Answer(200, JSON_TYPE, root.toString(), Optional.of(Set.of()));
            }
            return new Answer(200, JSON_TYPE, root.toString(), stored(items));
        }
    },
    /** 400 with the place of the first event that is invalid; those before it are stored. */
    SPLUNK {
        @Override
        Answer answer(List<Item> items) {
            if (items.stream().anyMatch(item -> item.status == 503)) {
                return new Answer(503, JSON_TYPE, "{\"text\":\"Server is busy\",\"code\":9}");
            }
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).failed()) {
                    String body = "{\"text\":\"on purpose\",\"code\":6,\"invalid-event-number\":" + i + "}";
                    return new Answer(400, JSON_TYPE, body, stored(items.subList(0, i)));
                }
            }
            return new Answer(200, JSON_TYPE, "{\"text\":\"Success\",\"code\":0}");
        }
    },
    /** A redirect to thanks if all records are stored, or to a login; 422 with the form if a record is invalid. */
    FORM {
        @Override
        Answer answer(List<Item> items) {
            int worst = items.stream().mapToInt(Item::status).max().orElse(201);
            return switch (worst) {
                case 201 -> new Answer(302, Map.of("Location", "/thanks?id=1"), "", stored(items));
                case 422 -> new Answer(422, Map.of("Content-Type", "text/html"), "<p>on purpose</p>");
                default -> new Answer(302, Map.of("Location", "/login"), "");
            };
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();
    /** With headers that are none of the sender's business. */
    private static final Map<String, String> JSON_TYPE = Map.of(
            "Content-Type",
            "application/json",
            "CamelHttpUri",
            "http://127.0.0.1:1/elsewhere",
            "Authorization",
            "leaked",
            "Set-Cookie",
            "leaked=1");

    private record Item(String id, int status) {
        boolean failed() {
            return status >= 300;
        }
    }

    abstract Answer answer(List<Item> items);

    private static Optional<Set<Integer>> stored(List<Item> items) {
        Set<Integer> places = new TreeSet<>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).status < 300) {
                places.add(i);
            }
        }
        return Optional.of(places);
    }

    /** A service with this contract that refuses some records, and is at first too busy for others. */
    public Fault refusing(Set<String> poison, Set<String> busy) {
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        return request -> {
            List<Item> items = new ArrayList<>();
            for (JsonNode record : request.records()) {
                String id = record.path("id").asText();
                boolean tooBusy = busy.contains(id) && tries.merge(id, 1, Integer::sum) < 3;
                items.add(new Item(id, poison.contains(id) ? 422 : tooBusy ? 503 : 201));
            }
            return Optional.of(answer(items));
        };
    }
}

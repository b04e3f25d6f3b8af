package dev.drover.rows;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorOrder;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the keys of a page rise strictly, from the cursor before the page to the last key that may be read. Java
 * compares values whose order it shares with the database. The database compares all others, once per page and column.
 *
 * @param key the key columns, in order
 * @param asked compares the values that Java cannot compare
 */
public record KeyOrder(List<String> key, Asked asked) {

    /** A database that compares values of a key column. */
    public interface Asked {

        /** Whether the database orders UUIDs by their bytes. */
        boolean ordersUuidsByBytes() throws SQLException;

        /**
         * Compares pairs of values: below 0, 0 or above 0 for each.
         *
         * @throws UnorderedPageException if the order of the column is not known
         */
        int[] compare(String column, List<Object> left, List<Object> right) throws SQLException;
    }

    /**
     * Proves a page.
     *
     * @throws UnorderedPageException if two keys do not rise; the message names them
     * @throws SQLException if the database cannot compare keys now
     */
    public void prove(PageRequest request, PageKeys keys) throws SQLException {
        if (keys.size() > request.limit()) {
            throw new UnorderedPageException("the read step returned " + keys.size() + " rows where " + request.limit()
                    + " were asked for: its SQL needs LIMIT :#${variable.pageSize}");
        }
        if (!keys.isEmpty()) {
            new Proof(request, keys).run();
        }
    }

    /** Compares without the database, if the database is known to order the values like Java. */
    static int compared(Asked asked, Object left, Object right) throws SQLException {
        return left instanceof UUID && !left.equals(right) && !asked.ordersUuidsByBytes()
                ? CursorOrder.UNKNOWN
                : CursorOrder.compare(left, right);
    }

    /** Pair n consists of row n - 1 and row n. The first and last pair include the bounds of the page. */
    private final class Proof {

        private final PageRequest request;
        private final PageKeys keys;
        private final int first;
        private final int last;
        private int fault = Integer.MAX_VALUE;
        private int order;

        Proof(PageRequest request, PageKeys keys) {
            this.request = request;
            this.keys = keys;
            this.first = request.after() == null ? 1 : 0;
            this.last = request.upTo() == null ? keys.size() - 1 : keys.size();
        }

        void run() throws SQLException {
            int[] pairs = null; // all of them; at the second column those with the same first one, and so on
            for (int part = 0; part < keys.parts(); part++) {
                pairs = equalAt(part, pairs);
                if (pairs.length == 0) {
                    break;
                }
            }
            if (pairs != null && pairs.length > 0 && pairs[0] < Math.min(fault, keys.size())) {
                fault = pairs[0];
                order = 0;
            }
            if (fault != Integer.MAX_VALUE) {
                throw new UnorderedPageException(inWords());
            }
        }

        /** The pairs with the same value in a column. A falling pair is a fault. */
        private int[] equalAt(int part, int @Nullable [] pairs) throws SQLException {
            int[] equal = new int[0];
            int equals = 0;
            List<Integer> unknown = new ArrayList<>();
            int count = pairs == null ? last - first + 1 : pairs.length;
            for (int i = 0; i < count; i++) {
                int pair = pairs == null ? first + i : pairs[i];
                int compared = compared(asked, left(pair, part), right(pair, part));
                if (compared == 0) {
                    equal = equals == equal.length ? Arrays.copyOf(equal, 16 + 2 * equals) : equal;
                    equal[equals++] = pair;
                } else if (compared == CursorOrder.UNKNOWN) {
                    unknown.add(pair);
                } else if (compared > 0) {
                    falls(pair);
                }
            }
            equal = Arrays.copyOf(equal, equals);
            return unknown.isEmpty() ? equal : ask(part, unknown, equal);
        }

        private int[] ask(int part, List<Integer> pairs, int[] equal) throws SQLException {
            List<Object> left = new ArrayList<>(pairs.size());
            List<Object> right = new ArrayList<>(pairs.size());
            for (int pair : pairs) {
                left.add(left(pair, part));
                right.add(right(pair, part));
            }
            int[] answers = asked.compare(key.get(part), left, right);
            List<Integer> equals = Arrays.stream(equal).boxed().collect(Collectors.toCollection(ArrayList::new));
            for (int i = 0; i < answers.length; i++) {
                if (answers[i] == 0) {
                    equals.add(pairs.get(i));
                } else if (answers[i] > 0) {
                    falls(pairs.get(i));
                }
            }
            return equals.stream().mapToInt(Integer::intValue).sorted().toArray();
        }

        private void falls(int pair) {
            if (pair < fault) {
                fault = pair;
                order = 1;
            }
        }

        private Object left(int pair, int part) {
            return pair == 0 ? part(request.after(), part) : keys.value(pair - 1, part);
        }

        private Object right(int pair, int part) {
            return pair == keys.size() ? part(request.upTo(), part) : keys.value(pair, part);
        }

        private static Object part(@Nullable Cursor bound, int part) {
            if (bound == null) {
                throw new IllegalStateException("a page without a bound has no key there");
            }
            return bound.values().get(part);
        }

        private String inWords() {
            String names = String.join(", ", key);
            if (fault == keys.size()) {
                return "the page up to " + request.upTo() + " has a row behind it, " + keys.get(fault - 1)
                        + ": the SQL needs the bound " + names + " <= :#${variable." + PageRequest.UP_TO + "}";
            }
            Cursor found = keys.get(fault);
            if (fault == 0) {
                return "the page after " + request.after() + " begins with " + found
                        + ", which is not behind it: the SQL needs WHERE key > :#${variable." + PageRequest.AFTER
                        + "} ORDER BY " + names + ", and the key must be unique";
            }
            Cursor before = keys.get(fault - 1);
            return order == 0
                    ? "two rows have the same key, " + before + (before.equals(found) ? "" : " and " + found)
                            + ": the key must be unique, or rows of a key are passed over at the end of a page"
                    : "the keys do not rise: " + found + " was read after " + before + ": the SQL needs ORDER BY "
                            + names + ", in the order in which its WHERE compares";
        }
    }
}

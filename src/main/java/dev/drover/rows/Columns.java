package dev.drover.rows;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The column names of a page, in the order of the query. All records of the page share them. A lookup first tries the
 * exact name and then ignores case, because databases disagree about the case of unquoted names. Immutable.
 */
public final class Columns {

    private final List<String> names;
    private final SerializableString[] fields;
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> folded = new HashMap<>();

    /**
     * Creates columns.
     *
     * @param names the names in order
     * @throws IllegalStateException if a name occurs twice, because one of the two values would be lost silently
     */
    public Columns(List<String> names) {
        this.names = List.copyOf(names);
        this.fields = new SerializableString[names.size()];
        for (int i = 0; i < fields.length; i++) {
            add(i, this.names.get(i));
        }
    }

    /** The first columns of a result. */
    static Columns of(ResultSetMetaData metaData, int size) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            names.add(metaData.getColumnLabel(i));
        }
        return new Columns(names);
    }

    private void add(int index, String name) {
        if (exact.put(name, index) != null) {
            throw new IllegalStateException("the query returns two columns named " + name + ": give one an alias");
        }
        folded.putIfAbsent(fold(name), index);
        fields[index] = new SerializedString(name);
    }

    public int size() {
        return fields.length;
    }

    /** The names in the order of the query. */
    public List<String> names() {
        return names;
    }

    /** The index of the column from 0; -1 if there is none of this name. */
    public int index(String name) {
        Integer index = exact.get(name);
        if (index == null) {
            index = folded.get(fold(name));
        }
        return index == null ? -1 : index;
    }

    /** The name at this index, quoted and encoded for JSON. */
    SerializableString field(int index) {
        return fields[index];
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

package dev.drover.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Groups consecutive records by their bytes as JSON. */
final class Groups {

    private Groups() {}

    /** Groups of at most this share of all bytes. A record that is longer is a group by itself. */
    static List<List<BatchItem>> of(List<BatchItem> items, double share) {
        long[] sizes =
                items.stream().mapToLong(item -> JsonSize.of(item.body())).toArray();
        double most = share * Arrays.stream(sizes).sum();
        List<List<BatchItem>> groups = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (i > from && bytes + sizes[i] > most) {
                groups.add(items.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += sizes[i];
        }
        groups.add(items.subList(from, items.size()));
        return groups;
    }
}

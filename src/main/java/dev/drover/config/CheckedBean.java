package dev.drover.config;

import java.util.List;

/** A bean that can check its properties before it is used, for {@code drover lint} and for the start. */
public interface CheckedBean {

    /** The problems of its properties. Does not read variables or files. */
    List<Problem> problems();

    /** The problems of the variables and files that it names. To be called only if it has no {@link #problems}. */
    default List<Problem> missing() {
        return List.of();
    }
}

package dev.drover.config;

import java.util.List;

/** A bean that can say what is wrong with it before it is used: for {@code drover lint} and for the start. */
public interface CheckedBean {

    /** What is wrong with it as it is written; looks at no variable and no file. */
    List<Problem> problems();

    /** What is wrong with the variables and files that it names; only of use when it has no {@link #problems}. */
    default List<Problem> missing() {
        return List.of();
    }
}

package dev.drover.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The result of one check.
 *
 * @param name the subject in one or two words
 * @param text the result in one line
 * @param remedy what to do; empty if nothing
 */
public record DoctorCheck(@JsonProperty("check") String name, Verdict verdict, String text, String remedy) {

    /** The verdict of a check. */
    public enum Verdict {
        OK("ok"),
        /** It works, with a risk that the text names. */
        WARNING("warning"),
        /** It cannot work, or records would be lost. */
        FAILED("failed"),
        /** It could not be checked. */
        NOT_CHECKED("not checked");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** The verdict in the report. */
        @JsonValue
        public String word() {
            return word;
        }
    }

    static DoctorCheck ok(String name, String text) {
        return new DoctorCheck(name, Verdict.OK, text, "");
    }

    static DoctorCheck warning(String name, String text, String remedy) {
        return new DoctorCheck(name, Verdict.WARNING, text, remedy);
    }

    static DoctorCheck failed(String name, String text, String remedy) {
        return new DoctorCheck(name, Verdict.FAILED, text, remedy);
    }

    static DoctorCheck notChecked(String name, String why) {
        return new DoctorCheck(name, Verdict.NOT_CHECKED, why, "");
    }
}

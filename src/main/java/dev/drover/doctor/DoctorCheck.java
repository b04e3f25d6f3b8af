package dev.drover.doctor;

/**
 * What the doctor found out about one thing.
 *
 * @param name what was looked at, one or two words
 * @param verdict how it is
 * @param text one line about it
 * @param remedy what to do; empty when there is nothing to do
 */
public record DoctorCheck(String name, Verdict verdict, String text, String remedy) {

    /** How it is. */
    public enum Verdict {
        OK("ok"),
        /** It works, with a risk that the text names. */
        WARNING("warning"),
        /** It cannot work, or records would be lost. */
        FAILED("failed"),
        /** It could not be found out. */
        NOT_CHECKED("not checked");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** The verdict as the report shows it. */
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

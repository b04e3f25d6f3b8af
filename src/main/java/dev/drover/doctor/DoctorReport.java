package dev.drover.doctor;

import dev.drover.doctor.DoctorCheck.Verdict;
import java.util.List;

/**
 * The doctor's findings about one pipeline, or about the store.
 *
 * @param name of the pipeline, or {@code store}
 * @param sql the SQL of its pages; empty where no database is read
 * @param begins the cursor that was bound for the plan, for people
 * @param plan the lines of the database's plan of the next page
 * @param checks what was looked at
 */
public record DoctorReport(String name, String sql, String begins, List<String> plan, List<DoctorCheck> checks) {

    public DoctorReport {
        plan = List.copyOf(plan);
        checks = List.copyOf(checks);
    }

    /** Whether a check failed; warnings do not count. */
    public boolean isFailed() {
        return checks.stream().anyMatch(check -> check.verdict() == Verdict.FAILED);
    }
}

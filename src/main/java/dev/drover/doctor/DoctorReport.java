package dev.drover.doctor;

import dev.drover.doctor.DoctorCheck.Verdict;
import java.util.List;

/**
 * The checks of one pipeline or of the store.
 *
 * @param name the name of the pipeline, or {@code store}
 * @param sql the SQL of its pages; empty if no database is read
 * @param begins the cursor for which the plan was made, for people
 * @param plan the lines of the database's plan for the next page
 */
public record DoctorReport(String name, String sql, String begins, List<String> plan, List<DoctorCheck> checks) {

    public DoctorReport {
        plan = List.copyOf(plan);
        checks = List.copyOf(checks);
    }

    /** Whether a check failed. Warnings do not count. */
    public boolean isFailed() {
        return checks.stream().anyMatch(check -> check.verdict() == Verdict.FAILED);
    }
}

package dev.drover.doctor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.drover.doctor.DoctorCheck.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The checks of one pipeline or of the store.
 *
 * @param name the name of the pipeline, or {@code store}
 * @param sql the SQL of its pages; empty if no database is read
 * @param begins the cursor for which the plan was made, for people
 * @param plan the lines of the database's plan for the next page
 */
public record DoctorReport(
        String name, String sql, @JsonProperty("after") String begins, List<String> plan, List<DoctorCheck> checks) {

    public DoctorReport {
        plan = List.copyOf(plan);
        checks = List.copyOf(checks);
    }

    /** Whether a check failed. Warnings do not count. */
    @JsonIgnore
    public boolean isFailed() {
        return checks.stream().anyMatch(check -> check.verdict() == Verdict.FAILED);
    }

    /** The name, the SQL and its plan, then one line for each check, followed by its remedy if it has one. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(name);
        if (!sql.isEmpty()) {
            lines.add("  sql: " + sql);
        }
        if (!plan.isEmpty()) {
            lines.add("  plan of the page after " + begins + ":");
            plan.forEach(line -> lines.add("    " + line));
        }
        for (DoctorCheck check : checks) {
            lines.add("  %-11s  %s: %s".formatted(check.verdict().word(), check.name(), check.text()));
            if (!check.remedy().isEmpty()) {
                lines.add("               remedy: " + check.remedy());
            }
        }
        return lines;
    }
}

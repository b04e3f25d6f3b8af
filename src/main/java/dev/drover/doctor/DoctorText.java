package dev.drover.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Formats the reports of the doctor, as lines or as JSON. */
public final class DoctorText {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private DoctorText() {}

    /** One line for each check, followed by its remedy if it has one. */
    public static List<String> lines(List<DoctorReport> reports) {
        List<String> lines = new ArrayList<>();
        for (DoctorReport report : reports) {
            lines.add(report.name());
            if (!report.sql().isEmpty()) {
                lines.add("  sql: " + report.sql());
            }
            if (!report.plan().isEmpty()) {
                lines.add("  plan of the page after " + report.begins() + ":");
                report.plan().forEach(line -> lines.add("    " + line));
            }
            for (DoctorCheck check : report.checks()) {
                lines.add("  %-11s  %s: %s".formatted(check.verdict().word(), check.name(), check.text()));
                if (!check.remedy().isEmpty()) {
                    lines.add("               remedy: " + check.remedy());
                }
            }
        }
        return lines;
    }

    /** An array with one object for each report. */
    public static String json(List<DoctorReport> reports) {
        ArrayNode all = JSON.createArrayNode();
        for (DoctorReport report : reports) {
            ObjectNode one = all.addObject()
                    .put("name", report.name())
                    .put("sql", report.sql())
                    .put("after", report.begins());
            report.plan().forEach(one.putArray("plan")::add);
            ArrayNode checks = one.putArray("checks");
            report.checks().forEach(check -> checks.addObject()
                    .put("check", check.name())
                    .put("verdict", check.verdict().word())
                    .put("text", check.text())
                    .put("remedy", check.remedy()));
        }
        try {
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts must be writable", e);
        }
    }
}

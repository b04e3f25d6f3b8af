package dev.drover.folder;

import dev.drover.route.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** The files of the user cannot work. The message has a line for each finding, as {@code lint} prints it. */
public final class FindingsException extends BadInputException {

    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    public FindingsException(List<Finding> findings) {
        super(findings.stream().map(Finding::toString).collect(Collectors.joining(System.lineSeparator())));
        this.findings = List.copyOf(findings);
    }

    /** Throws if there are findings. */
    public static void refuse(List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw new FindingsException(findings);
        }
    }

    /** At least one finding. */
    public List<Finding> findings() {
        return findings;
    }
}

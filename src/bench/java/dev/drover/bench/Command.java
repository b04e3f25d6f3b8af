package dev.drover.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process to start. */
record Command(List<String> words, Map<String, String> environment, Path folder) {}

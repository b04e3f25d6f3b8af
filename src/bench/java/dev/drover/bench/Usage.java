package dev.drover.bench;

/**
 * What a process spent from its start to its end.
 *
 * @param cpu user and system time, in seconds
 * @param wall in seconds
 * @param memory the most that was resident, in MiB
 */
record Usage(double cpu, double wall, double memory) {}

package dev.drover.bench;

/**
 * What one contender did in one round.
 *
 * @param number from 1
 * @param empty the run without rows
 * @param full the run with them
 * @param load how many processes wanted to run, on average of the minute before
 */
record Round(Contender contender, int number, Usage empty, Usage full, ReceiverProcess.Arrived arrived, double load) {}

#ifndef HONE_STATS_RULES_H
#define HONE_STATS_RULES_H
/* Every constant of the method: how many rounds, what counts as a difference, what a winner has to show. Each says
 * where it comes from; none of them is written down elsewhere. Seconds, shares, or counts as the name says. */

/* Largest probability of one false better or worse in a whole family of comparisons. bench/aa shows that it holds. */
#define HONE_RULE_ALPHA 0.01
/* Level of the printed intervals: what readers of benchmarks are used to. */
#define HONE_RULE_LEVEL 0.95
/* Differences within +-1 % count as none: the layout of code alone moves a program's time by 0.9 % (standard
 * deviation between 12 link orders of one object, measured; Mytkowicz et al., ASPLOS 2009, found more). */
#define HONE_RULE_PRECISION 0.01
/* Rounds before the first look, and of a confirmation: with 15 pairs of which one goes the other way a sign test
 * over both sides gives 2 * 16 / 2^15 = 0.00098, which proves something in a family of ten at alpha 0.01. */
#define HONE_RULE_ROUNDS_LEAST 15
/* A confirmation has at most so many, or half of those that picked the winners: 60 pairs prove what 7 of 10 rounds
 * show. */
#define HONE_RULE_CONFIRM_MOST 60
/* balanced: the smallest that is proved to be at most so much slower than the fastest. Who is proved to be slower than
 * another by more leaves the rounds: it can win nothing any more. A choice of hone's own. */
#define HONE_RULE_BALANCED_MARGIN 0.05
/* Longest time of all rounds unless told otherwise. A choice of hone's own. */
#define HONE_RULE_BUDGET_S 120
/* The same when only start-up is timed, which decides nothing that would be worth more time; and the time after
 * which its rounds may end undecided. */
#define HONE_RULE_STARTUP_BUDGET_S 10
#define HONE_RULE_STARTUP_ENOUGH_S 0.5
/* A workload whose runs cost less than those of another one is run more often in a round, by the root of what these cost
 * beside each other: for a sum of means that are equally noisy no other share of the time leaves less noise (Neyman
 * allocation with costs; Cochran, Sampling Techniques, 3rd edition, 5.5). At most so often: a hundred runs have a tenth of
 * the noise of one, and more would only help beside the noise of the others. */
#define HONE_RULE_REPEATS_MOST 100
/* Discarded runs of everyone before the rounds: the first loads the file into the page cache. */
#define HONE_RULE_WARMUP 2
/* Longest time of one run unless told otherwise. */
#define HONE_RULE_TIMEOUT_S 60

/* Pinning: so many runs each, pinned and not; pinned ones may be this much slower and are kept; only for runs not
 * longer than this; and only for programs that use one CPU. bench/spawn shows what pinning is worth. */
#define HONE_RULE_PIN_PAIRS 8
#define HONE_RULE_PIN_TOLERANCE 1.02
#define HONE_RULE_PIN_LONGEST_S 0.1
#define HONE_RULE_PIN_ONE_CPU 1.05

/* The environment of one round is longer by up to so many bytes: one page, over which the stack's start moves in
 * steps of 16 (Mytkowicz et al., ASPLOS 2009: its place alone can reverse a result). */
#define HONE_RULE_PADDING 4096
/* Copying the artifacts anew may take one part in so many of the time of the runs. */
#define HONE_RULE_COPY_SHARE 300

/* Sizes closer than this share are a tie: other hashes in symbol names move a size by up to 0.06 %, measured. */
#define HONE_RULE_SIZE_TIE 0.001
/* A package below this share of all counts of a profile is cold. */
#define HONE_RULE_COLD_SHARE 0.01
/* Most builds of the search of cold packages unless told otherwise. */
#define HONE_RULE_COLD_BUILDS 12
/* Counts of two runs of one program that differ by less are steady: start-up reads the clock and the environment. */
#define HONE_RULE_STEADY_COUNTS 1e-3

/* Most builds at a time, each of which has a target folder of its own. */
#define HONE_RULE_BUILDS_MOST 8
/* A job has to lie idle for so many looks, a tenth of a second apart, before the next build begins: between two crates
 * one is free for a moment, and what the first build makes need not be made by the second. */
#define HONE_RULE_BUILDS_IDLE_LOOKS 3
/* Memory of a build of which nothing is known, in bytes; of one of which only others are known, so many times the
 * largest of these, as LTO differs. Both are choices of hone's own, not measured. */
#define HONE_RULE_BUILD_MEMORY (1UL << 30)
#define HONE_RULE_BUILD_MEMORY_MORE 2

/* Bytes of code below which post.bolt is refused. Source: docs/internals/layout.md. */
#define HONE_RULE_BOLT_CODE (2UL << 20)

/* Before a load's window a server may take so long to end what was asked of it before. */
#define HONE_RULE_SETTLE_S 1
/* A server that used less CPU time for a request did not answer it. One read and one write on a TCP socket take 7 us of CPU
 * time, of 16 requests in one packet 0.46 us each (loopback, measured): the bound is far below both. */
#define HONE_RULE_LEAST_CPU_PER_REQUEST_S 0.05e-6

/* More of the time than this taken by the hypervisor, or more load of other programs per CPU, is said. */
#define HONE_RULE_MUCH_STEAL 0.02
#define HONE_RULE_MUCH_LOAD 0.5

#endif

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
/* A confirmation has this share of the rounds that picked the winners, but at least so many of them, if there were as many: 60
 * pairs prove what 7 of 10 rounds show. */
#define HONE_RULE_CONFIRM_SHARE 0.5
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
/* The same of a start with --version or --help. */
#define HONE_RULE_STARTUP_TIMEOUT_S 10
/* Longest time of one cargo, and of a command that verifies a result, which compiles and runs a project's tests: what takes
 * longer hangs. */
#define HONE_RULE_CARGO_LONGEST_S (6 * 3600)
#define HONE_RULE_VERIFY_LONGEST_S (4 * 3600)

/* A run that uses more CPU time than so many times its wall time uses several CPUs, and what its user waits for is wall
 * time. The same for one that waits for something more often than so: what it waits for is no CPU time. Choices of hone's
 * own, before the rounds. */
#define HONE_RULE_ONE_CPU 1.05
#define HONE_RULE_MANY_WAITS 20
/* Verdicts are looked at anew when there is one round in so many more: any number of looks is allowed, and each costs time
 * that grows with the rounds. */
#define HONE_RULE_LOOKS_APART 50
/* There are rounds for so long however late it is. */
#define HONE_RULE_LEAST_BUDGET_S 1
/* A difference is called provable where 9 in 10 comparisons prove it: so many standard deviations below the mean lie the
 * worst tenth of a normal distribution. */
#define HONE_RULE_POWER_Z 1.2816
/* A longer run that is suggested is at least so much longer than the one that was, or than a minute where that was shorter;
 * where its end is in sight it has so much to spare; and it is not longer than a day. Choices of hone's own. */
#define HONE_RULE_LONGER 4
#define HONE_RULE_LONGER_THAN_S 60
#define HONE_RULE_TO_SPARE 1.25
#define HONE_RULE_LONGEST_BUDGET_S (24 * 3600)
/* Variables of a build script that a failing baseline is given one after the other, to name the one that it lacks; of more
 * of them all together. A run each. */
#define HONE_RULE_VARIABLES_ALONE 16

/* Pinning: so many runs each, pinned and not; pinned ones may be this much slower and are kept; only for runs not
 * longer than this; and only for programs that use one CPU. bench/spawn shows what pinning is worth. */
#define HONE_RULE_PIN_PAIRS 8
#define HONE_RULE_PIN_TOLERANCE 1.02
#define HONE_RULE_PIN_LONGEST_S 0.1

/* The environment of one round is longer by up to so many bytes: one page, over which the stack's start moves in
 * steps of 16 (Mytkowicz et al., ASPLOS 2009: its place alone can reverse a result). */
#define HONE_RULE_PADDING 4096
/* Copying the artifacts anew may take one part in so many of the time of the runs. */
#define HONE_RULE_COPY_SHARE 300

/* Sizes closer than this share are a tie: other hashes in symbol names move a size by up to 0.06 %, measured. */
#define HONE_RULE_SIZE_TIE 0.001
/* Links of one set of objects: no symbol's hash moved, so any byte counts. */
#define HONE_RULE_LINK_TIE 0.0
/* A package below this share of all counts of a profile is cold. */
#define HONE_RULE_COLD_SHARE 0.01
/* Most builds of the search of cold packages unless told otherwise. */
#define HONE_RULE_COLD_BUILDS 12
/* Counts of two runs of one program that differ by less are steady: start-up reads the clock and the environment. */
#define HONE_RULE_STEADY_COUNTS 1e-3

/* Most builds at a time, each of which has a target folder of its own. */
#define HONE_RULE_BUILDS_MOST 8
/* Bytes of captured links that a search keeps, so that what it links otherwise later is not compiled again: some thirty of
 * programs with fat LTO, whose objects are few. A choice of hone's own. */
#define HONE_RULE_LINKS_BYTES (256UL << 20)
/* A job has to lie idle for so many looks, a tenth of a second apart, before the next build begins: between two crates
 * one is free for a moment, and what the first build makes need not be made by the second. */
#define HONE_RULE_BUILDS_IDLE_LOOKS 3
/* Memory of a build of which nothing is known, in bytes; of one of which only others are known, so many times the
 * largest of these, as LTO differs. Both are choices of hone's own, not measured. */
#define HONE_RULE_BUILD_MEMORY (1UL << 30)
#define HONE_RULE_BUILD_MEMORY_MORE 2

/* What builds will take: docs/internals/builds.md. Nothing was built here yet: of source so many bytes a CPU-second (ripgrep
 * 13, fd, hexyl and tokei with rustc 1.95: 60 to 250 kB at opt-level 3 without LTO, down to a third of that with fat LTO),
 * besides so many CPU-seconds of a program that is nothing but a print, and with LTO of any kind, which compiles std once
 * more; the true figure is at most so many times off. */
#define HONE_RULE_SOURCE_PER_CPU_S 100e3
#define HONE_RULE_BUILD_CPU_S 0.5
#define HONE_RULE_LTO_CPU_S 5.0
#define HONE_RULE_UNKNOWN_SPREAD 2.5
/* Something was: the next build differs from these by no less, measured on the same four. */
#define HONE_RULE_KNOWN_SPREAD 1.3
/* Of a first build this share is not made again by those after it: units of the host, 16 of 54 of a program of 84 packages. */
#define HONE_RULE_SHARED_SOURCE 0.25
/* A build that is there already, and a link that is done again: cargo's own start and hone's look at the file. */
#define HONE_RULE_FRESH_S 0.4
#define HONE_RULE_LINK_S 1.0
/* A build alone gains this share of each CPU above the first, as the final crate's LTO and codegen-units=1 keep one busy;
 * builds beside each other use this share of all, as none begins before one is idle. */
#define HONE_RULE_CPU_GAIN 0.25
#define HONE_RULE_CPUS_USED 0.85
/* Disk: intermediate files a byte of source, and besides, of one candidate. Both are on the safe side. */
#define HONE_RULE_DISK_PER_SOURCE 12
#define HONE_RULE_DISK_BUILD (16UL << 20)

/* A profile does nothing where more of the program's functions than this share of the profile's found no counts in it. */
#define HONE_RULE_PROFILE_MISSING 0.5
/* Levels of functions were not carried out where fewer than this share of the hot, or of the other, functions have theirs: in a
 * build in which they do not come through nearly all have the same. */
#define HONE_RULE_LEVELS_THERE 0.5
/* So many functions compiled for size lie at places for speed by chance once in 65,536 programs: 1 in 16 places is one. */
#define HONE_RULE_ENOUGH_COLD 4
/* A profile of so many functions has some that are not inlined. A choice of hone's own. */
#define HONE_RULE_ENOUGH_NAMES 8

/* Bytes of code below which post.bolt is refused. Source: docs/internals/layout.md. */
#define HONE_RULE_BOLT_CODE (2UL << 20)

/* A service unless hone.toml says otherwise: docs/hone-toml.md. It may take so long to be ready; a window of load is so long,
 * after so much of it that is not counted, over so many connections; an open loop asks for this share of what the
 * baseline can do, at which a queue is still short. */
#define HONE_RULE_READY_S 10
#define HONE_RULE_WINDOW_S 2
#define HONE_RULE_WINDOW_WARM_S 0.5
#define HONE_RULE_CONNECTIONS 16
#define HONE_RULE_LATENCY_SHARE 0.5
/* Between two looks at whether a server is ready, or at what a program printed first, in ns: the grain of these times. */
#define HONE_RULE_READY_STEP_NS 500000
#define HONE_RULE_FIRST_OUTPUT_STEP_NS 200000
/* A percentile needs requests beyond it to mean anything: 1 % of so many is 100. */
#define HONE_RULE_REQUESTS_FOR_P99 10000
/* Before a load's window a server may take so long to end what was asked of it before. */
#define HONE_RULE_SETTLE_S 1
/* A server that used less CPU time for a request did not answer it. One read and one write on a TCP socket take 7 us of CPU
 * time, of 16 requests in one packet 0.46 us each (loopback, measured): the bound is far below both. */
#define HONE_RULE_LEAST_CPU_PER_REQUEST_S 0.05e-6

/* More of the time than this taken by the hypervisor, or more load of other programs per CPU, is said. */
#define HONE_RULE_MUCH_STEAL 0.02
#define HONE_RULE_MUCH_LOAD 0.5

/* ---- tune: docs/internals/search.md */

/* Workloads, before a search by time. A process takes about 1 ms to start: of a shorter run a good part is that. Below this
 * share of its time a run waits, and above this share of its CPU time in the kernel little is its own code: no build makes
 * either faster. Nothing but a warning hangs on these. */
#define HONE_RULE_HARDLY_RUNS_S 0.005
#define HONE_RULE_COMPUTES 0.2
#define HONE_RULE_IN_KERNEL 0.8

/* Of a budget so much stays for the last comparison, but no more than so many seconds; more than this share over it is said;
 * of a comparison's part builds get so much, the rounds the rest. What each setting is worth may take this share of the time
 * that the answer took. Choices of hone's own. */
#define HONE_RULE_TUNE_RESERVE 0.15
#define HONE_RULE_TUNE_RESERVE_MOST_S 15
#define HONE_RULE_TUNE_OVERRUN 0.1
#define HONE_RULE_TUNE_BUILDS_SHARE 0.5
#define HONE_RULE_TUNE_SHARES_SHARE 0.5
/* How many times longer than estimated builds take: before the first one by what other programs have of the CPUs, this share of
 * the load (builds of 3.0 CPU-seconds took 5.1 s at a load of 12 on 2 CPUs); then by those that were made, of which all earlier
 * ones count this much of the newest; not from estimates below so many seconds, and off by no more than so many times. */
#define HONE_RULE_PACE_LOAD_SHARE 0.3
#define HONE_RULE_PACE_OLDER 0.5
#define HONE_RULE_PACE_LEAST_S 0.5
#define HONE_RULE_PACE_MOST 50.0

/* Screening. A run under callgrind takes so many times as long (a workload of 33 ms: 2.4 s). Counting may take this share of
 * what a comparison has, without a budget of so many seconds. Counts of 61 builds ordered them as CPU time did but for 2.9 %
 * (standard deviation), 5.9 % at most: who needs so much more is not faster. */
#define HONE_RULE_CALLGRIND_SLOWER 70
#define HONE_RULE_SCREEN_SHARE 0.25
#define HONE_RULE_SCREEN_OF_S 240
#define HONE_RULE_SCREEN_MARGIN 0.10

/* Most times that all settings are gone through one after the other: what a later one changed may make an earlier one worth
 * another value. A value that alone costs less than this share may be good beside another: so many pairs of such. */
#define HONE_RULE_TUNE_PASSES 2
#define HONE_RULE_TUNE_NEAR 0.03
#define HONE_RULE_TUNE_PAIRS 4
/* Packages get levels of their own until they hold this share of the code, and no more than so many. */
#define HONE_RULE_TUNE_PACKAGES_SHARE 0.90
#define HONE_RULE_TUNE_PACKAGES 8
/* Most times that what is worth nothing goes: each time the others may be worth something else. */
#define HONE_RULE_TUNE_DROPS 3

#endif

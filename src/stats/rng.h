#ifndef HONE_STATS_RNG_H
#define HONE_STATS_RNG_H
/* Seeded random numbers for orders and simulations: the same seed gives the same sequence on every
 * machine. Not for secrets. Generator: xoshiro256** (Blackman & Vigna, "Scrambled linear
 * pseudorandom number generators", 2021), its state filled by splitmix64 from one seed. */
#include <stddef.h>
#include <stdint.h>

struct hone_rng {
	uint64_t s[4];
};

void hone_rng_init(struct hone_rng *r, uint64_t seed);
uint64_t hone_rng_u64(struct hone_rng *r);
/* Uniform in [0, n), without bias; n > 0. */
uint64_t hone_rng_below(struct hone_rng *r, uint64_t n);
/* Uniform in [0, 1), 53 bits. */
double hone_rng_f64(struct hone_rng *r);
/* Standard normal (polar method of Marsaglia & Bray, 1964). */
double hone_rng_normal(struct hone_rng *r);
/* Puts order[0..n) into a uniformly random order (Fisher-Yates). */
void hone_rng_shuffle(struct hone_rng *r, size_t *order, size_t n);

#endif

#include "rng.h"

#include <math.h>

void hone_rng_init(struct hone_rng *r, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = (seed += 0x9e3779b97f4a7c15u);

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		r->s[i] = z ^ (z >> 31);
	}
}

static uint64_t rotl(uint64_t x, unsigned k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t hone_rng_u64(struct hone_rng *r)
{
	uint64_t *s = r->s;
	uint64_t result = rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

uint64_t hone_rng_below(struct hone_rng *r, uint64_t n)
{
	/* Values below 2^64 mod n would be drawn once more often than the others. */
	uint64_t least = -n % n;
	uint64_t x;

	do
		x = hone_rng_u64(r);
	while (x < least);
	return x % n;
}

double hone_rng_f64(struct hone_rng *r)
{
	return (double)(hone_rng_u64(r) >> 11) * 0x1p-53;
}

double hone_rng_normal(struct hone_rng *r)
{
	double u, v, s;

	do {
		u = 2 * hone_rng_f64(r) - 1;
		v = 2 * hone_rng_f64(r) - 1;
		s = u * u + v * v;
	} while (s >= 1 || s <= 0);
	return u * sqrt(-2 * log(s) / s);
}

void hone_rng_shuffle(struct hone_rng *r, size_t *order, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)hone_rng_below(r, i);
		size_t kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
}

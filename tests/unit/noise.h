#ifndef HONE_TESTS_NOISE_H
#define HONE_TESTS_NOISE_H
/* Simulated machines: how the log of a run's time wanders while nothing about the program changes.
 * Noise belongs to the moment at which a run is made, as on a real machine, not to the program; a
 * comparison puts its runs into those moments in the order that hone's rounds would. */
#include "rng.h"

#include <math.h>

enum noise_family {
	NOISE_GAUSSIAN,
	NOISE_HEAVY,          /* Student's t with 1.5 degrees of freedom: not even a variance */
	NOISE_SPIKES,         /* mostly quiet; every twentieth run is up to five times slower */
	NOISE_DRIFT,          /* a clock that slows by 40 % over the comparison, with waves on it */
	NOISE_AUTOCORRELATED, /* AR(1) with 0.9: neighbours that come and go */
	NOISE_BIMODAL,        /* two speeds 12 % apart, kept for ten runs or so */
	NOISE_QUANTISED,      /* a clock of coarse ticks: many ties */
	NOISE_FAMILIES,
};
static const char *const noise_names[] = {
	"gaussian", "heavy-tailed", "spikes", "drifting", "autocorrelated", "bimodal", "quantised"};

struct noise {
	enum noise_family family;
	struct hone_rng *rng;
	size_t moment;
	double state;
};

/* Log of the time of the next run of a program whose own log time is effect. */
static double noise_next(struct noise *s, double effect)
{
	struct hone_rng *r = s->rng;
	double t = (double)s->moment++;

	switch (s->family) {
	case NOISE_GAUSSIAN:
		return effect + 0.1 * hone_rng_normal(r);
	case NOISE_HEAVY: {
		/* Student's t by Bailey's polar method (1994). */
		double u = 1 - hone_rng_f64(r), v = 1.5;

		return effect + 0.05 * cos(6.283185307179586 * hone_rng_f64(r)) *
					sqrt(v * (pow(u, -2 / v) - 1));
	}
	case NOISE_SPIKES:
		return effect + 0.01 * hone_rng_normal(r) +
		       (hone_rng_below(r, 20) == 0 ? 1.6 * hone_rng_f64(r) : 0);
	case NOISE_DRIFT:
		return effect + 0.4 * t / 1000 + 0.05 * sin(t / 7) + 0.02 * hone_rng_normal(r);
	case NOISE_AUTOCORRELATED:
		s->state = 0.9 * s->state + 0.06 * hone_rng_normal(r);
		return effect + s->state + 0.01 * hone_rng_normal(r);
	case NOISE_BIMODAL:
		if (hone_rng_below(r, 10) == 0)
			s->state = 0.12 - s->state;
		return effect + s->state + 0.01 * hone_rng_normal(r);
	case NOISE_QUANTISED:
		return log(fmax(1, round(20 * exp(effect + 0.05 * hone_rng_normal(r)))));
	case NOISE_FAMILIES:
		break;
	}
	return NAN;
}

/* One round: everyone once, in random order. log_time[i] gets the log time of contestant i, whose own
 * log time is effect[i]; order is scratch with room for n. */
__attribute__((unused)) static void noise_round(
	struct noise *s, const double *effect, size_t n, size_t *order, double *log_time)
{
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	hone_rng_shuffle(s->rng, order, n);
	for (size_t i = 0; i < n; i++)
		log_time[order[i]] = noise_next(s, effect[order[i]]);
}

#endif

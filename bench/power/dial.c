/* A program with a dial: the same instructions, TURNS times. The number lies in data, so that the code of
 * all settings is the same to the byte. Prints what it computed, so that nothing can be left out; the
 * number of turns must not show in it, as the programs have to behave alike. */
#include <stdint.h>
#include <stdio.h>

#ifndef TURNS
#define TURNS 20000000
#endif

static volatile uint64_t turns = TURNS;

int main(void)
{
	uint64_t h = 7, n = turns;

	for (uint64_t i = 0; i < n; i++)
		h = (h ^ i) * 0x100000001b3u;
	puts(h == 0 ? "zero" : "done");
	return 0;
}

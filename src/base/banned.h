#ifndef HONE_BASE_BANNED_H
#define HONE_BASE_BANNED_H
/* Functions that hone does not use, as compile errors. Included into every file by the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define HONE_BANNED(func) hone_sorry_##func##_is_banned
#undef strcpy
#define strcpy(...) HONE_BANNED(strcpy)
#undef strcat
#define strcat(...) HONE_BANNED(strcat)
#undef strncpy
#define strncpy(...) HONE_BANNED(strncpy)
#undef strncat
#define strncat(...) HONE_BANNED(strncat)
#undef sprintf
#define sprintf(...) HONE_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) HONE_BANNED(vsprintf)
#undef strtok
#define strtok(...) HONE_BANNED(strtok)
#undef strtol
#define strtol(...) HONE_BANNED(strtol)
#undef atoi
#define atoi(...) HONE_BANNED(atoi)
#undef atol
#define atol(...) HONE_BANNED(atol)
#undef atof
#define atof(...) HONE_BANNED(atof)
#undef system
#define system(...) HONE_BANNED(system)
#undef popen
#define popen(...) HONE_BANNED(popen)
#undef tmpnam
#define tmpnam(...) HONE_BANNED(tmpnam)
/* A process that forks, as hone does, has no threads: their locks are never opened in the copy. */
#define pthread_create(...) HONE_BANNED(pthread_create)
#undef mktemp
#define mktemp(...) HONE_BANNED(mktemp)
#undef localtime
#define localtime(...) HONE_BANNED(localtime)
/* Clocks are read in clock.c alone, so that no duration can come from one that jumps. */
#undef clock_gettime
#define clock_gettime(...) HONE_BANNED(clock_gettime)
#undef gettimeofday
#define gettimeofday(...) HONE_BANNED(gettimeofday)
#undef time
#define time(...) HONE_BANNED(time)
#undef clock
#define clock(...) HONE_BANNED(clock)

#endif

/* The name server of a process is away while the file NAMES_FAIL_AFTER is there: each look-up of a name fails after as
   many seconds as stand in it. An address that is no name needs no name server. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo **found)
{
    look_up *real = (look_up *)dlsym(RTLD_NEXT, "getaddrinfo");
    const char *place = getenv("NAMES_FAIL_AFTER");
    FILE *file = place ? fopen(place, "re") : NULL;
    if (!file)
        return real(name, port, hints, found);
    unsigned seconds = 0;
    int told = fscanf(file, "%u", &seconds);
    fclose(file);
    struct addrinfo numeric = hints ? *hints : (struct addrinfo){0};
    numeric.ai_flags |= AI_NUMERICHOST;
    if (real(name, port, &numeric, found) == 0)
        return 0;
    sleep(told == 1 ? seconds : 0);
    return EAI_AGAIN;
}

/* The clock of a process goes wrong by as many seconds as stand in the file CLOCK_OFF_BY, or stands still at the second
   of the epoch that the file CLOCK_STANDS_AT says; its stop-watches do neither. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long said_by(const char *place)
{
    char text[24] = "";
    int file = place ? open(place, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return 0;
    long size = read(file, text, sizeof text - 1);
    close(file);
    return size > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t which, struct timespec *told)
{
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(which, told);
    if (result == 0 && which == CLOCK_REALTIME) {
        long stands_at = said_by(getenv("CLOCK_STANDS_AT"));
        told->tv_sec = stands_at ? stands_at : told->tv_sec + said_by(getenv("CLOCK_OFF_BY"));
        told->tv_nsec = stands_at ? 0 : told->tv_nsec;
    }
    return result;
}

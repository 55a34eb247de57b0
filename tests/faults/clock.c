/* The clock of a process goes wrong by as many seconds as stand in the file CLOCK_OFF_BY; its stop-watches do not. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long off_by(void)
{
    char text[24] = "";
    const char *place = getenv("CLOCK_OFF_BY");
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
    if (result == 0 && which == CLOCK_REALTIME)
        told->tv_sec += off_by();
    return result;
}

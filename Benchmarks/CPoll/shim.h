// What Swift's Glibc module leaves out: epoll with nanoseconds, and the search for bytes within bytes.
#ifndef HERD_BENCH_CPOLL_H
#define HERD_BENCH_CPOLL_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>

extern void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);

/// One socket that is ready.
struct bench_event {
    int32_t descriptor;
    uint32_t events;
};

/// Begins or changes the watch on a socket; `is_new` says which. -1 with errno on failure.
static inline int bench_poll_watch(int poll, int descriptor, uint32_t events, int is_new) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = 0;
    event.data.fd = descriptor;
    return epoll_ctl(poll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
}

/// Waits for at most `limit` (up to 256) ready sockets; a negative `nanoseconds` waits without end. -1 with errno on failure.
static inline int bench_poll_wait(int poll, struct bench_event *out, int limit, int64_t nanoseconds) {
    struct epoll_event events[256];
    struct timespec time;
    int count, at;
    if (limit > 256) limit = 256;
    time.tv_sec = nanoseconds / 1000000000;
    time.tv_nsec = nanoseconds % 1000000000;
    count = epoll_pwait2(poll, events, limit, nanoseconds < 0 ? NULL : &time, NULL);
    for (at = 0; at < count; at++) {
        out[at].descriptor = events[at].data.fd;
        out[at].events = events[at].events;
    }
    return count;
}

/// Offset of `needle` in `haystack`; -1 where it does not occur.
static inline ptrdiff_t bench_find(const void *haystack, size_t count, const void *needle, size_t needle_count) {
    const char *found = (const char *)memmem(haystack, count, needle, needle_count);
    return found ? found - (const char *)haystack : -1;
}

#endif

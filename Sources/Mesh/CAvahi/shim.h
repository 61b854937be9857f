#ifndef HERD_CAVAHI_H
#define HERD_CAVAHI_H
#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/address.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <avahi-common/strlst.h>
#include <avahi-common/timeval.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* Names the calling thread for debuggers; prctl is variadic, which Swift does not import. */
static inline void herd_name_this_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
#endif

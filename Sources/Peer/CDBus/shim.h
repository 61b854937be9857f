#ifndef HERD_CDBUS_H
#define HERD_CDBUS_H
#include <dbus/dbus.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* The type codes are macros with casts, which Swift does not import. */
static const int herd_dbus_string = DBUS_TYPE_STRING;
static const int herd_dbus_boolean = DBUS_TYPE_BOOLEAN;
static const int herd_dbus_unix_fd = DBUS_TYPE_UNIX_FD;

/* Names the calling thread for debuggers; prctl is variadic, which Swift does not import. */
static inline void herd_name_bus_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
#endif

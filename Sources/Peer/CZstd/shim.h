#ifndef HERD_CZSTD_H
#define HERD_CZSTD_H
#include <zstd.h>
#endif

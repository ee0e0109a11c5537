#ifndef CCURL_MEMORY_H
#define CCURL_MEMORY_H

#include <stddef.h>

// Memory for libcurl: the five functions that curl_global_init_mem takes.
//
// libcurl allocates some thirty pieces for every transfer and frees them at its end, among them a receive buffer of 32 KiB. glibc's
// caches of each thread don't keep pieces above 1 KiB, and glibc consolidates its heap whenever the receive buffer is freed. Here a
// thread that enables it keeps freed pieces and reuses them.
//
// 1. Every piece is preceded by its size class, so that any thread may free it, whether that thread keeps pieces or not.
// 2. The kept bytes are bounded for each class; the rest is returned to the system.
// 3. All kept pieces are returned to the system when the thread ends.

void *ccurl_memory_allocate(size_t size);
void *ccurl_memory_allocate_zeroed(size_t count, size_t size);
void *ccurl_memory_reallocate(void *piece, size_t size);
char *ccurl_memory_duplicate(const char *text);
void ccurl_memory_free(void *piece);

// From now on the calling thread keeps freed pieces, unless there is no memory for that. May be called again.
void ccurl_memory_keep_on_this_thread(void);

// Bytes that the calling thread keeps.
size_t ccurl_memory_kept_on_this_thread(void);

#endif

#ifndef CCURL_MEMORY_H
#define CCURL_MEMORY_H

#include <stddef.h>

// Memory for libcurl: the five functions that curl_global_init_mem takes.
//
// libcurl takes some thirty pieces for every transfer and gives them back at its end, among them a receive buffer of 32 KiB. Pieces above
// 1 KiB leave the lists that glibc keeps for each thread, and whenever the receive buffer comes back glibc tidies up its heap. Here a
// thread that asks for it keeps what is given back and hands it out again.
//
// 1. Every piece has its size class in front of it, so that it may be given back by any thread, whether that one keeps pieces or not.
// 2. What is kept is bounded for each class; the rest goes back to the system.
// 3. What is kept is returned to the system when the thread ends.

void *ccurl_memory_allocate(size_t size);
void *ccurl_memory_allocate_zeroed(size_t count, size_t size);
void *ccurl_memory_reallocate(void *piece, size_t size);
char *ccurl_memory_duplicate(const char *text);
void ccurl_memory_free(void *piece);

// From now on the calling thread keeps pieces. Without memory for that it just doesn't. May be called again.
void ccurl_memory_keep_on_this_thread(void);

// Bytes that the calling thread keeps.
size_t ccurl_memory_kept_on_this_thread(void);

#endif

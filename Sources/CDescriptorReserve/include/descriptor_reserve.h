#ifndef DESCRIPTOR_RESERVE_H
#define DESCRIPTOR_RESERVE_H

/// Opens the descriptors that Swift's runtime is lent when the process, or the machine, can open no other.
///
/// libdispatch counts its threads that run: as long as work waits it opens `/proc/TID/stat` of each of them once a second, and ends the process
/// (SIGILL, without a word) if it can't. This module has an open(2) of its own in the process, which is libc's but for this one case. What libdispatch
/// then reads is empty, so that the thread counts as one that doesn't run.
///
/// To be called once at the start of a process, when the standard descriptors are open.
void descriptor_reserve_fill(void);

#endif

// Tells ThreadSanitizer of the locks that it doesn't see.
//
// Synchronization.Mutex takes a free lock in code that is compiled into the caller, where the sanitizer sees it. A lock that is taken already is waited
// for within the standard library, which isn't compiled for the sanitizer, so that each access by the thread that waited would be reported as a race.
// scripts/sanitize.sh loads this library before the standard library's: it calls the original and says what the original has acquired or released.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

// The sanitizer's, in the program. Weak, since tools that start the program load this library as well.
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

// Synchronization._MutexHandle's methods, as Swift 6.3 names them: _lockSlow(UInt32), _tryLockSlow() -> Bool and _unlockSlow().
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*Lock)(uint32_t thread, SELF);
typedef SWIFT bool (*TryLock)(SELF);
typedef SWIFT void (*Unlock)(SELF);

static Lock lock;
static TryLock try_lock;
static Unlock unlock;

// Before there are threads.
__attribute__((constructor)) static void find(void) {
    lock = (Lock)dlsym(RTLD_NEXT, LOCK);
    try_lock = (TryLock)dlsym(RTLD_NEXT, TRY_LOCK);
    unlock = (Unlock)dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void waited_for_lock(uint32_t thread, SELF handle) __asm__(LOCK);
SWIFT void waited_for_lock(uint32_t thread, SELF handle) {
    lock(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT bool tried_lock(SELF handle) __asm__(TRY_LOCK);
SWIFT bool tried_lock(SELF handle) {
    bool taken = try_lock(handle);
    if (taken && __tsan_acquire) __tsan_acquire(handle);
    return taken;
}

SWIFT void released_lock(SELF handle) __asm__(UNLOCK);
SWIFT void released_lock(SELF handle) {
    if (__tsan_release) __tsan_release(handle);
    unlock(handle);
}

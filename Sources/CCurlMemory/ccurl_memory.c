#include "ccurl_memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Before every piece. Sixteen bytes, so that the piece is aligned like malloc's.
struct header {
    // Usable bytes of the piece.
    size_t capacity;
    size_t class;
};
_Static_assert(sizeof(struct header) == 16, "pieces keep malloc's alignment");

// A free piece: its memory contains the link to the next one.
struct kept {
    struct kept *next;
};

// Four classes for each doubling, from 64 bytes to 160 KiB: no more than a fifth of a piece is unused. One more class is for
// larger pieces, which are never kept.
enum { smallest = 64, largest = 160 << 10, per_doubling = 4, classes = 46, unkept = classes };
_Static_assert(per_doubling == 1 << 2, "`class_of` shifts by two for the quarters");
// Bytes that one class may keep: the receive buffers of 200 transfers.
static const size_t kept_bytes = 8 << 20;

// A thread that keeps nothing has room for nothing, so no separate check is needed.
static _Thread_local struct {
    struct kept *first;
    // How many more pieces may be kept.
    size_t room;
} store[classes + 1];
static _Thread_local int keeps = 0;

static size_t class_of(size_t size) {
    if (size <= smallest) return 0;
    // The power of two below `size`, then the quarter above it.
    unsigned doubling = 63 - (unsigned)__builtin_clzl(size - 1);
    size_t base = (size_t)1 << doubling;
    // Shifted: a division is slower than all the rest here.
    size_t quarter = (size - 1 - base) >> (doubling - 2);
    return (doubling - 6) * per_doubling + quarter + 1;
}

static size_t capacity_of(size_t class) {
    if (class == 0) return smallest;
    size_t base = (size_t)smallest << ((class - 1) / per_doubling);
    return base + ((class - 1) % per_doubling + 1) * (base / per_doubling);
}

static struct header *header_of(void *piece) { return (struct header *)piece - 1; }

static void *allocate_new(size_t capacity, size_t class) {
    if (capacity > SIZE_MAX - sizeof(struct header)) return NULL;
    struct header *header = malloc(sizeof *header + capacity);
    if (!header) return NULL;
    header->capacity = capacity;
    header->class = class;
    return header + 1;
}

void *ccurl_memory_allocate(size_t size) {
    if (size > largest) return allocate_new(size, unkept);
    size_t class = class_of(size);
    struct kept *kept = store[class].first;
    if (!kept) return allocate_new(capacity_of(class), class);
    store[class].first = kept->next;
    store[class].room++;
    return kept;
}

void ccurl_memory_free(void *piece) {
    if (!piece) return;
    struct header *header = header_of(piece);
    size_t class = header->class;
    if (store[class].room == 0) {
        free(header);
        return;
    }
    struct kept *kept = piece;
    kept->next = store[class].first;
    store[class].first = kept;
    store[class].room--;
}

void *ccurl_memory_allocate_zeroed(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    void *piece = ccurl_memory_allocate(bytes);
    return piece ? memset(piece, 0, bytes) : NULL;
}

void *ccurl_memory_reallocate(void *piece, size_t size) {
    if (!piece) return ccurl_memory_allocate(size);
    struct header *header = header_of(piece);
    size_t capacity = header->capacity;
    if (size <= capacity) return piece;
    if (header->class == unkept && size <= SIZE_MAX - sizeof *header) {
        header = realloc(header, sizeof *header + size);
        if (!header) return NULL;
        header->capacity = size;
        return header + 1;
    }
    void *larger = ccurl_memory_allocate(size);
    if (!larger) return NULL;
    memcpy(larger, piece, capacity);
    ccurl_memory_free(piece);
    return larger;
}

char *ccurl_memory_duplicate(const char *text) {
    size_t bytes = strlen(text) + 1;
    char *copy = ccurl_memory_allocate(bytes);
    return copy ? memcpy(copy, text, bytes) : NULL;
}

static size_t room_of(size_t class) { return kept_bytes / capacity_of(class); }

static void release(void *ending) {
    (void)ending;
    for (size_t class = 0; class < classes; class++) {
        for (struct kept *kept = store[class].first; kept;) {
            struct kept *next = kept->next;
            free(header_of(kept));
            kept = next;
        }
        // Pieces that the thread frees after this are returned to the system.
        store[class].first = NULL;
        store[class].room = 0;
    }
    keeps = 0;
}

static pthread_key_t ending_thread;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int has_key = 0;

static void make_key(void) { has_key = pthread_key_create(&ending_thread, release) == 0; }

void ccurl_memory_keep_on_this_thread(void) {
    if (keeps) return;
    pthread_once(&once, make_key);
    // The store is emptied by the key's destructor, which only runs for a value that isn't NULL.
    if (!has_key || pthread_setspecific(ending_thread, &keeps) != 0) return;
    for (size_t class = 0; class < classes; class++) store[class].room = room_of(class);
    keeps = 1;
}

size_t ccurl_memory_kept_on_this_thread(void) {
    size_t bytes = 0;
    for (size_t class = 0; keeps && class < classes; class++) bytes += (room_of(class) - store[class].room) * capacity_of(class);
    return bytes;
}

#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

// The few Linux system calls that neither the Glibc module nor NIO offers: epoll, eventfd, the poll command of native AIO, memfd.
// Every function returns what the system call returns; -1 leaves the reason in errno.
//
// <sys/socket.h> must not be included: depending on which module is compiled first, the compiler takes its enumerations for this module's, and Swift
// files that import only Glibc don't find SOCK_STREAM.

#include <errno.h>
#include <linux/aio_abi.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

long syscall(long number, ...);

static inline int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int clinux_epoll_control(int epoll, int operation, int descriptor, uint32_t events) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = events;
    event.data.fd = descriptor;
    return epoll_ctl(epoll, operation, descriptor, &event);
}

static inline int clinux_epoll_add(int epoll, int descriptor, uint32_t events) {
    return clinux_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, events);
}

static inline int clinux_epoll_modify(int epoll, int descriptor, uint32_t events) {
    return clinux_epoll_control(epoll, EPOLL_CTL_MOD, descriptor, events);
}

static inline int clinux_epoll_remove(int epoll, int descriptor) { return clinux_epoll_control(epoll, EPOLL_CTL_DEL, descriptor, 0); }

static const uint32_t clinux_epoll_in = EPOLLIN;
static const uint32_t clinux_epoll_out = EPOLLOUT;
static const uint32_t clinux_epoll_failed = EPOLLERR | EPOLLHUP;

static inline int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
// Each read consumes one of the written values, so that each write wakes one reader.
static inline int clinux_eventfd_semaphore(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE); }

// Bytes written to a TCP socket that its peer has not acknowledged (tcp(7), SIOCOUTQ). Still true after a reset, while the socket is open.
static inline int clinux_unacknowledged_bytes(int socket) {
    int bytes = 0;
    return ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : -1;
}

// Bytes that have arrived at a socket and were not read (tcp(7), SIOCINQ).
static inline int clinux_unread_input(int socket) {
    int bytes = 0;
    return ioctl(socket, FIONREAD, &bytes) == 0 ? bytes : -1;
}

// At least the bytes written to a Unix socket that its peer has not read: the kernel counts its own overhead as well (unix(7)). When the peer
// has closed, the kernel discards the unread bytes, and the count is meaningless: -1.
static inline int clinux_unread_bytes(int socket) {
    int bytes = clinux_unacknowledged_bytes(socket);
    struct pollfd peer = {.fd = socket, .events = 0x2000 /* POLLRDHUP */};
    return poll(&peer, 1, 0) == 0 ? bytes : -1;
}

// No core dumps and no ptrace by other processes of the same user (prctl(2)).
static inline int clinux_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// How many processors this process may run on (sched_setaffinity(2)), which a container's or unit's limits make fewer than there are.
static inline int clinux_usable_processors(void) {
    unsigned long mask[128];
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    for (long word = 0; word < bytes / (long)sizeof mask[0]; word++) count += __builtin_popcountl(mask[word]);
    return count;
}

// The magic number of the file system that a path is on (statfs(2)), or -1.
static inline long clinux_file_system(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}

// Makes a descriptor's number refer to another open file, in one step (dup3(2)); it is closed on exec.
static inline int clinux_replace_descriptor(int fresh, int number) {
    return (int)syscall(SYS_dup3, fresh, number, 02000000 /* O_CLOEXEC */);
}

// Makes a listening TCP socket drop the first packet of each new connection (a SYN without ACK), by a filter (socket(7), SO_ATTACH_FILTER). Connections in
// its queue, and those whose handshake is under way, are not affected.
// Some kernels allow filters to root alone. There the socket takes only packets that no router has passed on and that began with 255 hops, which hardly a
// system sends (ip(7), IP_MINTTL; ipv6(7), IPV6_MINHOPCOUNT): connections in its queue have settings of their own, and those whose handshake is under way
// end.
static inline int clinux_drop_newcomers(int listener) {
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),      // The flags in TCP's header.
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),   // ACK, SYN
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffffu),
    };
    struct sock_fprog filter = {sizeof program / sizeof program[0], program};
    if (syscall(SYS_setsockopt, listener, 1 /* SOL_SOCKET */, 26 /* SO_ATTACH_FILTER */, &filter, sizeof filter) == 0) return 0;
    int most = 255;
    long hops = syscall(SYS_setsockopt, listener, 0 /* IPPROTO_IP */, 21 /* IP_MINTTL */, &most, sizeof most);
    long hops6 = syscall(SYS_setsockopt, listener, 41 /* IPPROTO_IPV6 */, 73 /* IPV6_MINHOPCOUNT */, &most, sizeof most);
    return hops == 0 || hops6 == 0 ? 0 : -1;
}

static inline int clinux_memfd(const char *name) { return (int)syscall(SYS_memfd_create, name, 1u /* MFD_CLOEXEC */); }

static inline int clinux_aio_setup(unsigned capacity, unsigned long *context) {
    aio_context_t created = 0;
    int result = (int)syscall(SYS_io_setup, capacity, &created);
    *context = created;
    return result;
}

static inline int clinux_aio_destroy(unsigned long context) { return (int)syscall(SYS_io_destroy, (aio_context_t)context); }

// Requests that `notified` (an eventfd) is signalled once when `watched` becomes readable. The kernel copies the iocb before it
// returns.
static inline int clinux_aio_notify_when_readable(unsigned long context, int watched, int notified) {
    struct iocb command;
    memset(&command, 0, sizeof command);
    command.aio_lio_opcode = IOCB_CMD_POLL;
    command.aio_fildes = (uint32_t)watched;
    command.aio_buf = EPOLLIN;
    command.aio_flags = IOCB_FLAG_RESFD;
    command.aio_resfd = (uint32_t)notified;
    struct iocb *commands[1] = {&command};
    return (int)syscall(SYS_io_submit, (aio_context_t)context, 1L, commands);
}

// Removes finished commands, so that their slots can be used again. The eventfd has been signalled already.
static inline int clinux_aio_discard_completions(unsigned long context) {
    struct io_event events[64];
    struct timespec none = {0, 0};
    return (int)syscall(SYS_io_getevents, (aio_context_t)context, 0L, 64L, events, &none);
}

#endif

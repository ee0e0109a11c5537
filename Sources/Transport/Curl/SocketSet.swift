import CLinux
import Glibc

// 1. The set knows what the kernel's epoll set holds for each descriptor, so that most of libcurl's changes need no system call.
// 2. A socket that this set opened stays registered when libcurl stops waiting for it, because the next request on the kept connection needs it
//    again. If an event arrives that libcurl doesn't wait for, the socket is removed then. That saves two system calls a request.
// 3. An HTTP/1 upstream that sends something on an idle connection violates the protocol, and libcurl 7.88.1 treats it as the answer to the next
//    request on that connection: a caller would get an answer that was not meant for it. So such a connection is reset as soon as this is noticed,
//    and the set is checked before any request is sent. On HTTP/2 frames between requests are in order. Idle means that no transfer is under way on
//    the connection. That is checked when the bytes arrive and not noted before: libcurl reports nothing when a transfer begins and pauses without
//    having waited for the socket.
// 4. A descriptor that libcurl made by itself (its resolver's wake-up pair) may be closed without notice, and its number may be reused; so it is
//    removed from the epoll set as soon as libcurl stops waiting for it.

/// libcurl's descriptors in an epoll set of our own.
struct SocketSet: ~Copyable {
    /// What is known about one descriptor.
    private struct Socket {
        var wanted: UInt32 = 0
        var registered: UInt32?
        var isOurs = false
        /// The last transfer on it was an HTTP/1 answer, and it is complete.
        var isHTTP1AnswerComplete = false
    }

    /// One descriptor that became ready.
    struct Event {
        let descriptor: CInt
        let isReadable: Bool
        let isWritable: Bool
        let isFailed: Bool
    }

    /// The epoll set; readable as long as one of its sockets is ready.
    let epoll: CInt
    /// How many sockets that were opened for libcurl are open.
    private(set) var openCount = 0
    private var sockets: [Socket] = []
    private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: TransportLimits.socketEventsPerWake)

    /// `nil` when the system has no descriptor left.
    init?() {
        epoll = clinux_epoll_create()
        if epoll < 0 { return nil }
    }

    deinit {
        close(epoll)
        events.deallocate()
    }

    /// Notes a socket that was opened for libcurl, so that the state for its number is reset.
    mutating func opened(_ descriptor: CInt) {
        makeRoom(for: descriptor)
        if !sockets[Int(descriptor)].isOurs { openCount += 1 }
        sockets[Int(descriptor)] = Socket(isOurs: true)
    }

    /// Notes that a socket is about to be closed; the kernel takes it out of the epoll set by itself.
    mutating func closing(_ descriptor: CInt) {
        makeRoom(for: descriptor)
        if sockets[Int(descriptor)].isOurs { openCount -= 1 }
        sockets[Int(descriptor)] = Socket()
    }

    /// Notes that libcurl waits for nothing on a descriptor.
    /// - Parameter isHTTP1AnswerComplete: whether it has just received a complete HTTP/1 answer, so that the peer must not send anything until the
    ///   next request.
    mutating func rest(_ descriptor: CInt, isHTTP1AnswerComplete: Bool) {
        makeRoom(for: descriptor)
        let index = Int(descriptor)
        sockets[index].wanted = 0
        sockets[index].isHTTP1AnswerComplete = isHTTP1AnswerComplete
        if !sockets[index].isOurs {
            remove(descriptor)
        } else if isHTTP1AnswerComplete, sockets[index].registered != clinux_epoll_in {
            register(descriptor, clinux_epoll_in)
        }
    }

    /// Sets what libcurl waits for on a descriptor.
    mutating func watch(_ descriptor: CInt, readable: Bool, writable: Bool) {
        makeRoom(for: descriptor)
        let index = Int(descriptor)
        let wanted = (readable ? clinux_epoll_in : 0) | (writable ? clinux_epoll_out : 0)
        sockets[index].wanted = wanted
        sockets[index].isHTTP1AnswerComplete = false
        if sockets[index].registered != wanted { register(descriptor, wanted) }
    }

    /// Reads the ready events, without waiting, and passes on those that libcurl waits for.
    /// - Parameter isCarrying: whether a transfer is under way on a connection.
    mutating func takeReady(into ready: inout [Event], isCarrying: (ConnectionName) -> Bool) {
        let count = Int(epoll_wait(epoll, events, CInt(TransportLimits.socketEventsPerWake), 0))
        guard count > 0 else { return }
        for index in 0..<count {
            let event = events[index]
            let descriptor = event.data.fd
            let isFailed = event.events & clinux_epoll_failed != 0
            let happened = event.events & (clinux_epoll_in | clinux_epoll_out)
            if sockets[Int(descriptor)].wanted == 0 || (!isFailed && happened & sockets[Int(descriptor)].wanted == 0) {
                settleUnwanted(descriptor, isCarrying)
                continue
            }
            ready.append(
                Event(
                    descriptor: descriptor,
                    isReadable: happened & clinux_epoll_in != 0,
                    isWritable: happened & clinux_epoll_out != 0,
                    isFailed: isFailed
                )
            )
        }
    }

    /// Whether libcurl still waits for this descriptor; an earlier event of the same batch may have ended that.
    func isWanted(_ descriptor: CInt) -> Bool {
        sockets[Int(descriptor)].wanted != 0
    }

    /// Whether libcurl waits for input and for room for output on this descriptor.
    func wantsBoth(_ descriptor: CInt) -> Bool {
        sockets[Int(descriptor)].wanted == clinux_epoll_in | clinux_epoll_out
    }

    /// Whether bytes have arrived on this descriptor that nobody has read.
    func hasInput(_ descriptor: CInt) -> Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)) > 0
    }

    private mutating func settleUnwanted(_ descriptor: CInt, _ isCarrying: (ConnectionName) -> Bool) {
        let socket = sockets[Int(descriptor)]
        guard socket.wanted == 0 else { return register(descriptor, socket.wanted) }
        if socket.isOurs, socket.isHTTP1AnswerComplete, let name = ConnectionName(ofSocket: descriptor), !isCarrying(name) {
            breakOffIfSpoken(descriptor)
        }
        remove(descriptor)
    }

    /// Resets a connection on which bytes are waiting. libcurl itself notices an orderly close.
    private func breakOffIfSpoken(_ descriptor: CInt) {
        guard hasInput(descriptor) else { return }
        // Connecting to "unspecified" dissolves a TCP connection and drops what it has received, but leaves the descriptor, which libcurl has to
        // close. libcurl finds it dead when it next tries to send, and takes another.
        var nowhere = sockaddr()
        nowhere.sa_family = sa_family_t(AF_UNSPEC)
        _ = connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    }

    private mutating func register(_ descriptor: CInt, _ events: UInt32) {
        let isKnown = sockets[Int(descriptor)].registered != nil
        // If the noted state is wrong, the other call corrects it.
        if isKnown {
            if clinux_epoll_modify(epoll, descriptor, events) != 0 { _ = clinux_epoll_add(epoll, descriptor, events) }
        } else if clinux_epoll_add(epoll, descriptor, events) != 0 {
            _ = clinux_epoll_modify(epoll, descriptor, events)
        }
        sockets[Int(descriptor)].registered = events
    }

    private mutating func remove(_ descriptor: CInt) {
        guard sockets[Int(descriptor)].registered != nil else { return }
        _ = clinux_epoll_remove(epoll, descriptor)
        sockets[Int(descriptor)].registered = nil
    }

    private mutating func makeRoom(for descriptor: CInt) {
        let missing = Int(descriptor) + 1 - sockets.count
        // Descriptor numbers are small and dense, so an array indexed by them is the cheapest map there is.
        if missing > 0 { sockets.append(contentsOf: repeatElement(Socket(), count: max(missing, 64))) }
    }
}

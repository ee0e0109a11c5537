import CCurl
import Glibc
import NIOCore

// libcurl's callbacks: each finds its object by the pointer that it was configured with and forwards the call. All run on the event loop's thread,
// inside `curl_multi_socket_action` or `curl_easy_pause`; both pointers are alive as long as libcurl has the handle.

/// One line of a head.
func receiveHeaderLine(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ handle: UnsafeMutableRawPointer?) -> Int {
    guard let handle else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    // The multi handle's owner holds the handle for as long as libcurl has it, so nothing has to be retained for the call.
    return Unmanaged<EasyHandle>.fromOpaque(handle)._withUnsafeGuaranteedRef { $0.receive(line: line) } ? line.count : 0
}

/// A piece of the body.
func receiveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ handle: UnsafeMutableRawPointer?) -> Int {
    guard let handle else { return 0 }
    return Unmanaged<EasyHandle>.fromOpaque(handle)._withUnsafeGuaranteedRef { handle in
        handle.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
}

/// A frame of HTTP/2 has been received whole; what it holds follows in the callbacks above, unless it is malformed.
func receiveFrame(_ easy: UnsafeMutableRawPointer?, _ bytes: Int, _ ends: Bool, _ isMalformed: Bool) {
    guard let handle = handle(behind: easy) else { return }
    guard !isMalformed else {
        handle.state.isMalformed = true
        return
    }
    handle.state.hasStream = true
    // Bounded: a stream of so many bytes takes longer than any transfer may.
    handle.state.streamBytes += bytes
    guard ends else { return }
    handle.state.hasStreamEnded = true
    handle.endUploadIfAnswered()
}

/// libcurl is about to send the request.
func approveSending(
    _ handle: UnsafeMutableRawPointer?,
    _ peerAddress: UnsafeMutablePointer<CChar>?,
    _: UnsafeMutablePointer<CChar>?,
    _ peerPort: CInt,
    _ ownPort: CInt
) -> CInt {
    guard let handle else { return CURL_PREREQFUNC_ABORT }
    let connection = ConnectionName(peerAddress: peerAddress, peerPort: peerPort, ownPort: ownPort)
    let approved = Unmanaged<EasyHandle>.fromOpaque(handle).takeUnretainedValue().approveSending(on: connection)
    return approved ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// Receives libcurl's messages about a transfer. Data sent and received is reported here as well and ignored.
func hearMessage(
    _: UnsafeMutableRawPointer?,
    _ kind: curl_infotype,
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ handle: UnsafeMutableRawPointer?
) -> CInt {
    guard kind == CURLINFO_TEXT, let handle, let bytes else { return 0 }
    let message = UnsafeRawBufferPointer(start: bytes, count: size)
    if message.saysThatNoStreamWasTaken { Unmanaged<EasyHandle>.fromOpaque(handle).takeUnretainedValue().state.wasLeftOut = true }
    return 0
}

extension UnsafeRawBufferPointer {
    /// Whether it is libcurl's message of a GOAWAY whose last stream is 0. Its first word differs between versions ("recveived" in 7.88.1). If a
    /// version of libcurl uses another text, nothing becomes unsafe: the request is then not sent again.
    fileprivate var saysThatNoStreamWasTaken: Bool {
        guard count <= 128 else { return false }
        let text = String(decoding: self, as: UTF8.self)
        return text.contains("GOAWAY, error=") && (text.hasSuffix("last_stream=0\n") || text.hasSuffix("last_stream=0"))
    }
}

/// libcurl needs a socket for an address to which a name was resolved.
func openSocket(_ handle: UnsafeMutableRawPointer?, _: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
    guard let handle, let address else { return ccurl_socket_bad }
    let owner = Unmanaged<EasyHandle>.fromOpaque(handle).takeUnretainedValue()
    guard owner.addressRule.allows(reach(of: address)) else {
        owner.state.wasAddressRefused = true
        return ccurl_socket_bad
    }
    let type = address.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.pointee.family, type, address.pointee.protocol)
    guard descriptor >= 0 else { return ccurl_socket_bad }
    owner.multi.sockets.opened(descriptor)
    owner.state.hasOpenedSocket = true
    return descriptor
}

private func reach(of address: UnsafeMutablePointer<curl_sockaddr>) -> AddressReach {
    withUnsafePointer(to: &address.pointee.addr) { pointer in
        switch address.pointee.family {
        case AF_INET:
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                AddressReach(bytes: withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) })
            }
        case AF_INET6:
            // libcurl stores the whole address at `addr`, whatever its length.
            pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                AddressReach(bytes: withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) })
            }
        default: .linkOrNobody
        }
    }
}

/// libcurl closes a socket.
func closeSocket(_ multi: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> CInt {
    if let multi { Unmanaged<CurlMulti>.fromOpaque(multi).takeUnretainedValue().sockets.closing(descriptor) }
    return close(descriptor)
}

/// What libcurl waits for on a socket has changed.
func watchSocket(
    _ easy: UnsafeMutableRawPointer?,
    _ descriptor: curl_socket_t,
    _ wish: CInt,
    _ multi: UnsafeMutableRawPointer?,
    _: UnsafeMutableRawPointer?
) -> CInt {
    guard let multi else { return -1 }
    let owner = Unmanaged<CurlMulti>.fromOpaque(multi).takeUnretainedValue()
    switch wish {
    case CURL_POLL_IN: owner.sockets.watch(descriptor, readable: true, writable: false)
    case CURL_POLL_OUT:
        owner.sockets.watch(descriptor, readable: false, writable: true)
        // It sends on, and has nothing more to read.
        if let handle = handle(behind: easy), handle.state.isHTTP1AnswerComplete { owner.schedule(.complete(handle, id: handle.state.id)) }
    case CURL_POLL_INOUT: owner.sockets.watch(descriptor, readable: true, writable: true)
    default: owner.sockets.rest(descriptor, isHTTP1AnswerComplete: handle(behind: easy)?.state.isHTTP1AnswerComplete ?? false)
    }
    return 0
}

/// The handle that an easy handle of libcurl's belongs to; libcurl has internal ones, which belong to none.
func handle(behind easy: UnsafeMutableRawPointer?) -> EasyHandle? {
    guard let easy else { return nil }
    var pointer: UnsafeMutablePointer<CChar>?
    ccurl_get_private_data(easy, &pointer)
    return pointer.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
}

/// libcurl's next time-out has changed.
func setTimer(_: UnsafeMutableRawPointer?, _ milliseconds: CLong, _ multi: UnsafeMutableRawPointer?) -> CInt {
    guard let multi else { return -1 }
    Unmanaged<CurlMulti>.fromOpaque(multi).takeUnretainedValue().setTimeout(milliseconds: milliseconds)
    return 0
}

extension EasyHandle {
    /// Takes a line of a head; false aborts the transfer.
    fileprivate func receive(line: UnsafeRawBufferPointer) -> Bool {
        guard !state.isCancelled else { return false }
        switch parser.consume(line) {
        case .proceed: return true
        case .refuse(let failure):
            state.failure = failure
            return false
        case .head(let head):
            // A line that looks like libcurl's own for HTTP/2, on a connection of HTTP/1.
            guard head.version != .http2 || state.hasStream || !showsFrames else {
                state.failure = .protocolViolation(.statusLine)
                return false
            }
            let now = NIODeadline.now()
            state.headReceived = now
            state.lastProgress = now
            state.stage = .receiving
            state.framing = head.framing
            state.speaksHTTP2 = head.version == .http2
            state.mayShareConnection = state.speaksHTTP2
            if state.speaksHTTP2 { multi.hasSharedConnections = true }
            originSpeaksHTTP1 = !state.speaksHTTP2
            state.delegate?.head(head)
            // The delegate may have cancelled.
            guard !state.isCancelled else { return false }
            endUploadIfAnswered()
            return true
        }
    }

    /// An answer over HTTP/2 may be whole before its request is: the rest of that is not sent.
    fileprivate func endUploadIfAnswered() {
        if state.speaksHTTP2, hasWholeAnswer, isUploading { multi.schedule(.complete(self, id: state.id)) }
    }

    /// Takes a piece of the body; returns the value for libcurl.
    fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        guard !state.isCancelled, let delegate = state.delegate else { return 0 }
        if state.isPaused {
            // libcurl keeps these bytes and offers them again; it reads nothing more until then.
            state.isHeldByLibrary = true
            return ccurl_write_pause
        }
        state.lastProgress = .now()
        state.bytesReceived += bytes.count
        let demand = delegate.body(bytes)
        guard !state.isCancelled else { return 0 }
        endUploadIfAnswered()
        state.isPaused = demand == .pause
        multi.handedOver(bytes.count, wantsMore: demand == .continue)
        return bytes.count
    }

    /// Notes an attempt to send; false forbids it.
    ///
    /// libcurl sends again on its own for two reasons: a kept connection turned out to be dead before an answer, or an HTTP/2 origin said that it did
    /// not process the stream (REFUSED_STREAM, or GOAWAY with a last stream below it). A request that is not replayable may be sent again when no
    /// byte of it had left, or when only the second reason is possible: its connection was a new one (`Curl_retry_request`). Then nothing was
    /// executed (RFC 9113 section 8.7).
    fileprivate func approveSending(on connection: ConnectionName) -> Bool {
        guard !state.isCancelled else { return false }
        if state.attempts > 0, !state.isReplayable, requestSize > 0, !state.hasOwnConnection {
            state.failure = .connectionLost(afterHead: false)
            return false
        }
        guard state.delegate?.mayLeave() == true else {
            state.failure = .withheld
            return false
        }
        state.attempts += 1
        state.hasOwnConnection = state.hasOpenedSocket
        state.hasOpenedSocket = false
        state.wasLeftOut = false
        (state.hasStream, state.streamBytes, state.hasStreamEnded, state.isMalformed) = (false, 0, false, false)
        state.connection = connection
        state.stage = .waiting
        state.lastProgress = .now()
        parser.reset(isAnswerToHead: state.isAnswerToHead)
        return true
    }
}

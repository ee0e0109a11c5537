import CNghttp2
import NIOCore

/// The frames and the header compression of one HTTP/2 connection (RFC 9113, RFC 7541): bytes in, bytes out, by libnghttp2. It knows no channel.
///
/// 1. The library is called only here, and never by two calls at once that it forbids within each other: `receive` and `fill` don't begin within one
///    of them. Everything else may be called at any time, on the connection's event loop.
/// 2. The library judges frames, windows and states of streams; what a head means is judged by `StreamHead` (`no_http_messaging`), which answers
///    instead of resetting, and the length of a body by `HTTP2Stream`.
/// 3. After an error that the library can't go on from it is not called again.
final class HTTP2Session {
    /// A piece of an answer's body.
    struct Piece {
        let count: Int
        /// Whether the answer ends with it.
        let isLast: Bool
    }

    /// The library's session. Made once in `init` and deleted once in `deinit`.
    ///
    /// Its user pointer is `self`, unretained. The library uses it only while a method of this class runs, and the caller of a method retains `self`
    /// until it returns. Deleting the session calls nothing back. So the object outlives every use of the pointer.
    private let session: OpaquePointer
    /// Set once by the connection itself, which lives longer than its session.
    unowned var observer: (any HTTP2SessionObserver)?
    /// Frames that the connection has to write.
    var output = ByteBuffer()
    /// How many bytes `fill` gathers.
    private var outputLimit = 0
    /// Whether the library is at work, so that it must not be asked to receive or to send.
    private(set) var isBusy = false
    private(set) var isBroken = false
    /// Whether `take(field:_:)` has refused a field. The library may have taken all bytes nevertheless: those that end with the field.
    private var isRefused = false

    /// - Parameter headerBlock: `limits.header_block`
    init(headerBlock: Int) {
        var (callbacks, options, session): (OpaquePointer?, OpaquePointer?, OpaquePointer?)
        let areMade = nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&options) == 0
        defer {
            nghttp2_session_callbacks_del(callbacks)
            nghttp2_option_del(options)
        }
        guard areMade, let callbacks, let options else { preconditionFailure("libnghttp2 has no memory") }
        Self.set(callbacks)
        Self.set(options, headerBlock: headerBlock)
        // It copies both.
        guard nghttp2_session_server_new3(&session, callbacks, nil, options, nil) == 0, let session else {
            preconditionFailure("libnghttp2 has no memory")
        }
        self.session = session
        nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
        submitSettings(headerBlock: headerBlock)
    }

    deinit {
        nghttp2_session_del(session)
    }

    private static func set(_ options: OpaquePointer, headerBlock: Int) {
        // Windows are opened as bodies are read (`consume`).
        nghttp2_option_set_no_auto_window_update(options, 1)
        nghttp2_option_set_no_http_messaging(options, 1)
        nghttp2_option_set_no_closed_streams(options, 1)
        nghttp2_option_set_max_deflate_dynamic_table_size(options, StreamLimits.headerTable)
        nghttp2_option_set_max_send_header_block_length(options, StreamLimits.answerHead)
        nghttp2_option_set_max_outbound_ack(options, StreamLimits.bufferedControlFrames)
        // `FrameFloods` counts first, and says why it ends a connection. The library begins to count with the first CONTINUATION.
        nghttp2_option_set_max_continuations(options, StreamLimits.continuationFrames(headerBlock: headerBlock) + 1)
        nghttp2_option_set_stream_reset_rate_limit(options, UInt64(2 * StreamLimits.resets), UInt64(StreamLimits.resets))
    }

    private func submitSettings(headerBlock: Int) {
        func entry(_ name: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
            nghttp2_settings_entry(settings_id: Int32(name.rawValue), value: UInt32(value))
        }
        let entries = [
            entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, StreamLimits.concurrentStreams),
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, StreamLimits.streamWindow),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, StreamLimits.readHead(headerBlock: headerBlock)),
            // Without the tree of RFC 7540, which callers could make the library rearrange (CVE-2019-9513).
            entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
        ]
        nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
        nghttp2_session_set_local_window_size(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(StreamLimits.connectionWindow))
    }
}

// MARK: - Bytes

extension HTTP2Session {
    /// Takes bytes of the caller. False when the connection can't go on: `take(field:_:)` has refused a field, or the library gives up.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        precondition(!isBusy, "the library receives or sends already")
        guard !isBroken, !isRefused else { return false }
        isBusy = true
        let taken = nghttp2_session_mem_recv(session, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        isBusy = false
        if taken < 0 { isBroken = true }
        return taken == bytes.count && !isRefused
    }

    /// Puts whole frames into `output` until it has at least this many bytes. False when there are no more frames for now.
    func fill(atLeast count: Int) -> Bool {
        precondition(!isBusy, "the library receives or sends already")
        guard !isBroken else { return false }
        isBusy = true
        defer { isBusy = false }
        outputLimit = count
        while output.readableBytes < count {
            var frame: UnsafePointer<UInt8>?
            let length = nghttp2_session_mem_send(session, &frame)
            guard length > 0 else {
                if length < 0 { isBroken = true }
                // It also stops for data that has filled the output (`send`).
                return length == 0 && output.readableBytes >= count
            }
            output.writeBytes(UnsafeBufferPointer(start: frame, count: length))
        }
        return true
    }

    /// Whether frames wait that may be sent.
    var wantsToSend: Bool { !isBroken && nghttp2_session_want_write(session) != 0 }

    /// False once both sides are done: the library has said why it gives up, or the caller has taken its leave and all streams have ended.
    var wantsToReceive: Bool { !isBroken && nghttp2_session_want_read(session) != 0 }

    /// Frames without data that wait to be sent.
    var waitingFrames: Int { isBroken ? 0 : nghttp2_session_get_outbound_queue_size(session) }
}

// MARK: - Frames

extension HTTP2Session {
    /// Sends an answer's head, and then what `nextData` says.
    /// - Parameter isWhole: whether no body follows.
    func answer(_ head: DownstreamHead, on id: Int32, isWhole: Bool) {
        guard !isBroken else { return }
        head.withFields { fields in
            guard !isWhole else {
                nghttp2_submit_response(session, id, fields.baseAddress, fields.count, nil)
                return
            }
            // All streams get their share of the connection: by default those of one urgency would be sent one after the other (RFC 9218).
            var share = nghttp2_extpri(urgency: UInt32(NGHTTP2_EXTPRI_DEFAULT_URGENCY), inc: 1)
            nghttp2_session_change_extpri_stream_priority(session, id, &share, 1)
            var body = nghttp2_data_provider(source: nghttp2_data_source(), read_callback: Self.read)
            nghttp2_submit_response(session, id, fields.baseAddress, fields.count, &body)
        }
    }

    /// Sends 100 Continue.
    func permitBody(on id: Int32) {
        guard !isBroken else { return }
        DownstreamHead(status: 100, framing: .none(declared: nil)).withFields { fields in
            _ = nghttp2_submit_headers(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, fields.baseAddress, fields.count, nil)
        }
    }

    /// `nextData` has something again.
    func resume(_ id: Int32) {
        guard !isBroken else { return }
        nghttp2_session_resume_data(session, id)
    }

    /// What has not been put into the output yet is discarded.
    func reset(_ id: Int32, _ code: HTTP2ErrorCode) {
        guard !isBroken else { return }
        nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
    }

    /// Sends a first GOAWAY, which says that the connection is about to end (RFC 9113 section 6.8). Streams that cross it on their way are still
    /// reported.
    func sendShutdownNotice() {
        guard !isBroken else { return }
        nghttp2_submit_shutdown_notice(session)
    }

    /// Sends the last GOAWAY, with the number of the last stream that was reported. No further one is: the caller may send those again elsewhere.
    func sendGoAway(_ reason: HTTP2ErrorCode = .noError) {
        guard !isBroken else { return }
        let last = nghttp2_session_get_last_proc_stream_id(session)
        nghttp2_submit_goaway(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, reason.rawValue, nil, 0)
    }

    /// Bytes of a body have been taken, so that as many more may come: on the connection, and on the stream if that one is to go on.
    func consume(_ count: Int, on id: Int32?) {
        guard !isBroken else { return }
        if let id { nghttp2_session_consume(session, id, count) } else { nghttp2_session_consume_connection(session, count) }
    }
}

// MARK: - What the library calls

extension HTTP2Session {
    private static func of(_ pointer: UnsafeMutableRawPointer?) -> HTTP2Session? {
        pointer.map { Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func set(_ callbacks: OpaquePointer) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
            guard let frame else { return 0 }
            HTTP2Session.of(user)?.fieldsDidBegin(frame)
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) { _, _, name, nameLength, value, valueLength, _, user in
            let (name, value) = (UnsafeRawBufferPointer(start: name, count: nameLength), UnsafeRawBufferPointer(start: value, count: valueLength))
            return HTTP2Session.of(user)?.take(field: name, value) == true ? 0 : NGHTTP2_ERR_PAUSE.rawValue
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
            if let frame { HTTP2Session.of(user)?.didReceive(frame) }
            return 0
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, data, length, user in
            HTTP2Session.of(user)?.observer?.take(data: UnsafeRawBufferPointer(start: data, count: length), on: id)
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, _, user in
            HTTP2Session.of(user)?.observer?.streamDidClose(id)
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
            if let frame { HTTP2Session.of(user)?.didSend(frame) }
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks) { _, frame, error, user in
            // An answer's head that is too large. Other frames that are not sent are those of streams that have ended.
            if error == NGHTTP2_ERR_FRAME_SIZE_ERROR.rawValue, let frame {
                HTTP2Session.of(user)?.reset(frame.pointee.hd.stream_id, .internalError)
            }
            return 0
        }
        nghttp2_session_callbacks_set_send_data_callback(callbacks) { _, frame, head, length, _, user in
            guard let frame, let head, let session = HTTP2Session.of(user) else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
            return session.send(length, of: frame.pointee.hd.stream_id, behind: head)
        }
    }

    private static let read: nghttp2_data_source_read_callback = { _, id, _, limit, flags, _, user in
        guard let piece = HTTP2Session.of(user)?.observer?.nextData(on: id, atMost: limit) else { return Int(NGHTTP2_ERR_DEFERRED.rawValue) }
        var said = NGHTTP2_DATA_FLAG_NO_COPY.rawValue
        if piece.isLast { said |= NGHTTP2_DATA_FLAG_EOF.rawValue }
        flags?.pointee = said
        return piece.count
    }

    private func take(field name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        let isTaken = observer?.take(field: name, value) == true
        if !isTaken { isRefused = true }
        return isTaken
    }

    private func fieldsDidBegin(_ frame: UnsafePointer<nghttp2_frame>) {
        if frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
            observer?.streamDidBegin(frame.pointee.hd.stream_id)
        } else {
            observer?.trailersDidBegin(on: frame.pointee.hd.stream_id)
        }
    }

    private func didReceive(_ frame: UnsafePointer<nghttp2_frame>) {
        let head = frame.pointee.hd
        let isLast = head.flags & FrameKind.endStream != 0
        switch FrameKind(head.type) {
        case .headers: observer?.fieldsDidEnd(on: head.stream_id, endsStream: isLast)
        case .data: if isLast { observer?.dataDidEnd(on: head.stream_id) }
        default: break
        }
    }

    private func didSend(_ frame: UnsafePointer<nghttp2_frame>) {
        let head = frame.pointee.hd
        switch FrameKind(head.type) {
        case .headers: observer?.didSendHead(on: head.stream_id)
        case .data: observer?.didSendData(on: head.stream_id)
        case .reset:
            if !HTTP2ErrorCode.isOurs(frame.pointee.rst_stream.error_code) { observer?.didResetFaultyStream() }
            return
        default: return
        }
        if head.flags & FrameKind.endStream != 0 { observer?.didSendEnd(on: head.stream_id) }
    }

    /// Puts a frame of data into the output, without a copy in the library.
    /// - Parameter head: 9 bytes.
    private func send(_ count: Int, of id: Int32, behind head: UnsafePointer<UInt8>) -> Int32 {
        output.writeBytes(UnsafeBufferPointer(start: head, count: 9))
        observer?.move(count, on: id, into: &output)
        // Otherwise it would go on with the next stream.
        return output.readableBytes >= outputLimit ? NGHTTP2_ERR_PAUSE.rawValue : 0
    }
}

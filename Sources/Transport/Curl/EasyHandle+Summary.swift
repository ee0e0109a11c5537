import CCurl
import NIOCore

extension EasyHandle {
    /// What is known about the transfer now.
    func summary(at now: NIODeadline) -> TransferSummary {
        var summary = TransferSummary()
        summary.totalMicroseconds = (now - state.started).wholeMicroseconds
        summary.firstByteMicroseconds = state.headReceived.map { ($0 - state.started).wholeMicroseconds }
        summary.bytesReceived = state.bytesReceived
        summary.attempts = state.attempts
        // Without an attempt libcurl's figures are those of the previous transfer.
        guard state.attempts > 0 else { return summary }
        summary.requestMayHaveLeft = requestSize > 0
        var newConnections: CLong = 0
        ccurl_get_new_connections(easy, &newConnections)
        summary.reusedConnection = newConnections == 0
        if newConnections > 0 { summary.connectMicroseconds = connectMicroseconds }
        return summary
    }

    /// Bytes of the request's head that a socket has accepted, over all attempts. The head is sent first, so 0 means that nothing was sent.
    var requestSize: Int {
        var size: CLong = 0
        ccurl_get_request_size(easy, &size)
        return size
    }

    /// Notes progress if the upstream has accepted more of the body since the last check.
    func noteUpload(at now: NIODeadline) {
        guard state.body != nil, case .waiting = state.stage else { return }
        let uploaded = uploadedBytes
        guard uploaded != state.uploadedBytes else { return }
        state.uploadedBytes = uploaded
        state.lastProgress = now
    }

    /// Whether the upstream has not accepted all of the body yet.
    var isUploading: Bool { state.body.map { uploadedBytes < $0.readableBytes } ?? false }

    private var uploadedBytes: Int {
        var uploaded: curl_off_t = 0
        ccurl_get_uploaded_bytes(easy, &uploaded)
        return Int(uploaded)
    }

    private var connectMicroseconds: Int {
        var tls: curl_off_t = 0
        ccurl_get_tls_connect_microseconds(easy, &tls)
        if tls > 0 { return Int(tls) }
        var connect: curl_off_t = 0
        ccurl_get_connect_microseconds(easy, &connect)
        return Int(connect)
    }
}

extension TimeAmount {
    var wholeMicroseconds: Int { Int(nanoseconds / 1000) }
}

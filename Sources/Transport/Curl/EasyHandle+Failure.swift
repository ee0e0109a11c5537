import CCurl

extension EasyHandle {
    /// What libcurl's result of the transfer means; `nil` when the response is complete.
    func failure(for result: CURLcode) -> TransportError? {
        if let failure = state.failure { return failure }
        guard result == CURLE_OK else { return hasWholeAnswer ? nil : meaning(of: result) }
        // The parser and libcurl agree on the framing, or the response is not reported as complete.
        guard state.headReceived != nil else { return .protocolViolation(.syntax) }
        if case .contentLength(let length) = state.framing, length != state.bytesReceived { return .connectionLost(afterHead: true) }
        // libcurl calls an answer without a length complete whatever ended its stream (`stream_frames.h`).
        if state.framing == .stream, showsFrames, !hasWholeAnswer { return .connectionLost(afterHead: true) }
        return nil
    }

    /// Whether the whole answer has been received, whatever became of the rest of the request.
    var hasWholeAnswer: Bool {
        guard state.headReceived != nil else { return false }
        return switch state.framing {
        case .none: true
        case .contentLength(let length): length == state.bytesReceived
        case .stream: state.hasStreamEnded && state.streamBytes == state.bytesReceived
        case .chunked, .closeDelimited: false
        }
    }

    /// Whether the HTTP/2 origin closed the connection without processing the request, which libcurl 7.88.1 reports as an error (CURLE_HTTP2) like
    /// any other of HTTP/2. For a request that must not be repeated, the origin has to confirm this on the request's own connection, with a
    /// `last_stream` of 0.
    func wasLeftOut(with result: CURLcode) -> Bool {
        guard result != CURLE_OK, state.failure == nil, state.attempts > 0, state.headReceived == nil, !state.isCancelled else { return false }
        return state.isReplayable ? result == CURLE_HTTP2 : state.wasLeftOut && state.hasOwnConnection
    }

    private func meaning(of result: CURLcode) -> TransportError {
        if state.isMalformed { return .protocolViolation(.syntax) }
        return switch result {
        case CURLE_COULDNT_RESOLVE_HOST: .couldNotResolve
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: state.wasAddressRefused ? .addressRefused : .couldNotConnect
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxy(status: proxyStatus)
        case CURLE_OPERATION_TIMEDOUT: .timedOut(timedOutPhase)
        case CURLE_PEER_FAILED_VERIFICATION: .tls(verificationFault)
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: .tls(.pinnedKeyMismatch)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CLIENTCERT:
            .tls(.handshake)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED: .configuration(.certificateAuthorityFile)
        case CURLE_OUT_OF_MEMORY: outOfMemory
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2: .protocolViolation(.syntax)
        // A trailer without a colon, or a chunk's size that is none, of which libcurl makes a trailer.
        case CURLE_BAD_FUNCTION_ARGUMENT where state.headReceived != nil: .protocolViolation(.syntax)
        case CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: .configuration(.value)
        default: connectionEnded
        }
    }

    /// GOT_NOTHING, SEND_ERROR, RECV_ERROR, PARTIAL_FILE, HTTP2_STREAM and any future code of libcurl.
    private var connectionEnded: TransportError {
        guard state.attempts > 0 else {
            // Before there was a connection: a proxy that refused its tunnel, or a handshake that broke off.
            return proxyStatus.map { .proxy(status: $0) } ?? .couldNotConnect
        }
        return .connectionLost(afterHead: state.headReceived != nil)
    }

    /// libcurl reports a header line longer than its own limit as out of memory.
    private var outOfMemory: TransportError {
        if case .waiting = state.stage { .headersTooLarge } else { .resources }
    }

    private var timedOutPhase: TimeoutPhase {
        switch state.stage {
        case .connecting: .connect
        case .waiting: .firstByte
        case .receiving: .idle
        }
    }

    /// The status of a CONNECT that was not answered with a 2xx.
    private var proxyStatus: Int? {
        var status: CLong = 0
        ccurl_get_proxy_connect_status(easy, &status)
        return status == 0 || (200..<300).contains(status) ? nil : status
    }

    /// OpenSSL's X509_V_ERR numbers. A fault of the chain breaks the handshake off and leaves its number; otherwise libcurl still has the initial 1
    /// ("unspecified"), or 0 for a valid chain, and the fault can only be the name.
    private var verificationFault: TLSFault {
        var result: CLong = 0
        ccurl_get_tls_verification_result(easy, &result)
        return switch result {
        case 0, 1: .wrongHost
        case 9, 10: .expiredCertificate
        default: .untrustedCertificate
        }
    }
}

import CCurl
import NIOCore

// 1. Confined to the transport's event loop, like everything it touches.
// 2. libcurl holds unretained pointers to this object. It is removed from the multi handle before it is released.
// 3. It is configured once and used for one transfer after another; ``prepare(_:)`` sets all that differs between two requests.

/// One libcurl easy handle with what a transfer needs around it.
final class EasyHandle {
    /// Bytes libcurl reads from a socket at a time. libcurl 7.88.1 allocates the buffer when a transfer begins, so it cannot grow once a body proves
    /// large; ``CurlMulti`` reads repeatedly instead. Each transfer whose receiver reads slowly holds one, and as much again of what libcurl had read
    /// when it was told to wait. glibc trims its heap whenever a block of 64 KiB or more is freed, which cost a short answer 3 % of its CPU time in
    /// page faults.
    static let bufferBytes = 32 * 1024

    /// Whether this many bytes of a body mean that libcurl's buffer was full. The delimiters of chunks are in the buffer, too.
    static func isFilled(by bytes: Int) -> Bool { bytes > bufferBytes - bufferBytes / 8 }

    let easy: UnsafeMutableRawPointer
    let multi: CurlMulti
    var state = TransferState()
    /// Kept between transfers, with the memory for heads.
    var parser = HeaderParser()
    /// Index of this handle among the transport's active ones.
    var activeIndex = 0
    /// Whether libcurl's multi handle has it.
    var isAdded = false
    var http2 = HTTP2Mode.automatic
    /// Whether every request has a connection of its own.
    var neverReusesConnections = false
    /// Whether the origin's last answer on this handle came as HTTP/1.x.
    var originSpeaksHTTP1 = false
    /// The transport's rule.
    var addresses = AddressRule.any
    /// The rule for the origin of the present request.
    private(set) var addressRule = AddressRule.ForHost()
    private let head = RequestHeadText()
    /// libcurl copies it for each transfer.
    private let url: OpaquePointer
    private var preparedURL = ""
    private var preparedMethod = ""
    private var preparedWithBody = true
    private var preparedOnNewConnection = false
    /// Whether libcurl's messages are on (`hearMessage`).
    private var preparedWithMessages = false

    init(multi: CurlMulti) throws(TransportError) {
        guard let easy = curl_easy_init() else { throw .resources }
        guard let url = curl_url() else {
            curl_easy_cleanup(easy)
            throw .resources
        }
        self.easy = easy
        self.url = url
        self.multi = multi
    }

    deinit {
        precondition(!isAdded, "an easy handle must leave its multi before it is let go")
        curl_easy_cleanup(easy)
        curl_url_cleanup(url)
    }

    /// Sets everything in which this request differs from another.
    func prepare(_ request: OutboundRequest) throws(TransportError) {
        try prepareURL(request.origin)
        guard request.target.count <= TransportLimits.requestTargetBytes, request.target.first == UInt8(ascii: "/"),
            request.target.withUnsafeBytes({ $0.isTarget })
        else { throw .invalidRequest(.target) }
        let target = try head.rebuild(target: request.target, host: request.origin.hostField, fields: request.fields)
        try set(ccurl_set_request_target(easy, target))
        // The list is at the same address as before, but libcurl only guarantees to read a list that was set.
        try set(ccurl_set_header_list(easy, head.list))
        try prepareMethod(request)
        try prepareConnection(request)
    }

    /// Over HTTP/2 a request that must not be repeated gets a connection of its own: there libcurl repeats a request only if the origin said that it
    /// did not process it, so this case can be distinguished from a dead connection. It costs a handshake; others use the connection afterwards.
    /// libcurl's messages are enabled as well, because they are the only place where an origin's GOAWAY appears.
    private func prepareConnection(_ request: OutboundRequest) throws(TransportError) {
        let expectsHTTP1 = http2.isExcluded(over: request.origin.scheme) || http2 == .automatic && originSpeaksHTTP1
        state.mayShareConnection = !expectsHTTP1
        let isUnrepeatable = !request.isReplayable && !expectsHTTP1
        if isUnrepeatable != preparedWithMessages {
            try set(ccurl_set_verbose(easy, isUnrepeatable ? 1 : 0))
            preparedWithMessages = isUnrepeatable
        }
        guard !neverReusesConnections else { return }
        let wantsNew = isUnrepeatable && multi.hasSharedConnections
        guard wantsNew != preparedOnNewConnection else { return }
        try set(ccurl_set_fresh_connect(easy, wantsNew ? 1 : 0))
        preparedOnNewConnection = wantsNew
    }

    /// Whether the frames of its streams are seen.
    var showsFrames: Bool { (try? CurlLibrary.abilities.get().showsFrames) == true }

    /// The origin, parsed: libcurl would parse its text again for every request and build it again, 8 thousand instructions.
    private func prepareURL(_ origin: Origin) throws(TransportError) {
        let text = origin.url
        guard text != preparedURL else { return }
        addressRule = addresses.rule(for: origin.host)
        preparedURL = ""
        originSpeaksHTTP1 = false
        guard curl_url_set(url, CURLUPART_URL, text, CUnsignedInt(CURLU_PATH_AS_IS)) == CURLUE_OK else { throw .configuration(.value) }
        try set(ccurl_set_parsed_url(easy, url))
        preparedURL = text
    }

    /// Releases what the last transfer held.
    func clear() {
        if state.body != nil {
            // The bytes are about to be freed; libcurl must not keep a pointer to them. This also makes the method a POST.
            ccurl_set_post_fields(easy, nil)
            preparedMethod = ""
        }
        state = TransferState()
        parser.reset(isAnswerToHead: false)
    }

    /// Checks the result of setting an option: the options are fixed, so only a lack of memory or a text from the settings can be the cause.
    func set(_ result: CURLcode) throws(TransportError) {
        switch result {
        case CURLE_OK: return
        case CURLE_OUT_OF_MEMORY: throw .resources
        case CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN: throw .configuration(.library)
        default: throw .configuration(.value)
        }
    }

    /// A body, or a method that is expected to have one, makes libcurl send Content-Length; every other request has none
    /// (RFC 9110 section 8.6).
    private func prepareMethod(_ request: OutboundRequest) throws(TransportError) {
        let method = request.method
        // Nearly every request has the method of the one before it.
        if !preparedWithBody, request.body == nil, method == preparedMethod {
            state.isAnswerToHead = preparedMethod == "HEAD"
            return
        }
        guard !method.isEmpty, method.utf8.allSatisfy(\.isTokenByte), method != "CONNECT" else { throw .invalidRequest(.method) }
        state.isAnswerToHead = method == "HEAD"
        let announcesBody = request.body != nil || method == "POST" || method == "PUT" || method == "PATCH"
        if announcesBody {
            guard !state.isAnswerToHead else { throw .invalidRequest(.unexpectedBody) }
            try prepareBody(request.body ?? ByteBuffer())
        }
        guard method != preparedMethod || announcesBody != preparedWithBody else { return }
        preparedMethod = ""
        if announcesBody {
            try set(ccurl_set_post(easy, 1))
        } else {
            // Also undoes POST and NOBODY of an earlier request.
            try set(ccurl_set_http_get(easy, 1))
            if state.isAnswerToHead { try set(ccurl_set_no_body(easy, 1)) }
        }
        // nil leaves the choice to the lines above.
        let isImplied = method == (announcesBody ? "POST" : "GET") || state.isAnswerToHead
        try set(ccurl_set_custom_request(easy, isImplied ? nil : method))
        preparedMethod = method
        preparedWithBody = announcesBody
    }

    private func prepareBody(_ body: ByteBuffer) throws(TransportError) {
        state.body = body
        try set(ccurl_set_post_field_size(easy, curl_off_t(body.readableBytes)))
        // `state.body` keeps the storage alive and nothing writes to it, so the address stays valid until `clear`.
        let result = body.withUnsafeReadableBytesWithStorageManagement { bytes, _ in
            ccurl_set_post_fields(easy, bytes.baseAddress ?? UnsafeRawPointer(easy))
        }
        try set(result)
    }
}

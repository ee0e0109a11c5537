import CCurl

// There are two ways to pass a head to libcurl, and this file uses both:
//
// 1. As lines of a list (CURLOPT_HTTPHEADER). libcurl formats them with a printf of its own, byte by byte, 11 to 14 ns each: 5 µs for the 490 bytes
//    of a signed request, 28 µs for a token of 2 KB. Used for requests without User-Agent.
// 2. As part of the request's target (CURLOPT_REQUEST_TARGET), which libcurl copies as a whole and sends unchanged: its documentation promises
//    "without any filter or other safe guards", white space and control characters included. The head is then ready-made text: target, version, Host,
//    the fields; libcurl itself adds the framing of the body. What follows the target in libcurl's own first line, ` HTTP/1.1`, is appended to the
//    last of our fields. That is User-Agent, where `HTTP/1.1` is one more product (RFC 9110 section 10.1.5). Over HTTP/2 libcurl writes the same
//    text, with `HTTP/2`, and splits it into fields; a test checks that.
//
// The second way, with libcurl's memory kept by the thread and the origin parsed once, took a signed request from 335 to 273 thousand instructions,
// and a request with a token of 16 KB from 3.9 to 1.5 times one with 100 bytes. Over HTTP/2 it
// takes 40 of 262 thousand instructions.

/// A request's target and fields as libcurl reads them, in memory that is reused for the next request.
///
/// libcurl copies the target but not the list, so this belongs to one ``EasyHandle`` and is only rebuilt between transfers. Building the nodes here
/// saves the two allocations a field that `curl_slist_append` makes.
final class RequestHeadText {
    private var text: UnsafeMutableRawBufferPointer
    private var count = 0
    private let nodes = UnsafeMutablePointer<curl_slist>.allocate(capacity: RequestHeadText.maximumLines)
    private var lines = 0

    /// The caller's fields and the names libcurl is told to leave out.
    private static let maximumLines = TransportLimits.requestFields + 4

    /// Lines that make libcurl omit the fields that it adds by itself: `Expect`, `Accept`, `Content-Type` with a body, and `Host` if it is in the
    /// text. Each is a C text.
    private static let suppression: StaticString = "Expect:\0Accept:\0Content-Type:\0Host:\0"
    private static let expectStart = 0
    private static let acceptStart = 8
    private static let contentTypeStart = 16
    private static let hostStart = 30
    /// The text between the target and the fields, except for the host.
    private static let (hostLine, lineEnd): (StaticString, StaticString) = (" HTTP/1.1\r\nHost: ", "\r\n")
    private static let fixedBytes =
        suppression.utf8CodeUnitCount + hostLine.utf8CodeUnitCount + lineEnd.utf8CodeUnitCount + 1

    init() {
        text = .allocate(byteCount: 2048, alignment: 1)
    }

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    /// The list's first node. It always exists, since `Expect` is always suppressed.
    var list: UnsafeMutablePointer<curl_slist> { nodes }

    /// Replaces the list and gives the target as a C text.
    func rebuild(target: [UInt8], host: String, fields: OutboundFields) throws(TransportError) -> UnsafePointer<CChar> {
        if let fault = fields.fault { throw .invalidRequest(fault) }
        reserve(Self.fixedBytes + target.count + host.utf8.count + fields.bytes.count)
        (count, lines) = (0, 0)
        append(Self.suppression)
        let start = count
        target.withUnsafeBytes { append($0) }
        if let last = fields.firstEntry(named: "user-agent") {
            append(Self.hostLine)
            append(host)
            append(Self.lineEnd)
            appendText(of: fields, endingWith: last)
            endText()
            suppressDefaults(besides: nil)
            link(Self.hostStart)
        } else {
            endText()
            linkLines(of: fields)
            suppressDefaults(besides: fields)
        }
        nodes[lines - 1].next = nil
        return address(start)
    }

    /// Appends the fields after the target, the last one without its line end: libcurl writes the version there.
    private func appendText(of fields: OutboundFields, endingWith last: OutboundFields.Entry) {
        fields.bytes.withUnsafeBytes { bytes in
            append(UnsafeRawBufferPointer(rebasing: bytes[..<last.line.lowerBound]))
            append(UnsafeRawBufferPointer(rebasing: bytes[last.next...]))
            append(UnsafeRawBufferPointer(rebasing: bytes[last.line]))
        }
    }

    /// Each field as a C text; libcurl is asked for an empty one by a semicolon.
    private func linkLines(of fields: OutboundFields) {
        let start = count
        fields.bytes.withUnsafeBytes { append($0) }
        for entry in fields.entries {
            text[start + Int(entry.end)] = 0
            if entry.isEmpty { text[start + Int(entry.nameEnd)] = UInt8(ascii: ";") }
            link(start + Int(entry.start))
        }
    }

    private func suppressDefaults(besides fields: OutboundFields?) {
        link(Self.expectStart)
        if fields?.contains("accept") != true { link(Self.acceptStart) }
        if fields?.contains("content-type") != true { link(Self.contentTypeStart) }
    }

    private func link(_ start: Int) {
        precondition(lines < Self.maximumLines, "fields were counted when they were appended")
        let data = UnsafeMutablePointer(mutating: address(start))
        (nodes + lines).initialize(to: curl_slist(data: data, next: nodes + lines + 1))
        lines += 1
    }

    private func address(_ start: Int) -> UnsafePointer<CChar> {
        guard let base = text.baseAddress else { preconditionFailure("the text is never empty") }
        return UnsafePointer((base + start).assumingMemoryBound(to: CChar.self))
    }

    private func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: text[count..<count + bytes.count]).copyMemory(from: bytes)
        count += bytes.count
    }

    private func append(_ literal: StaticString) {
        append(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    private func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    private func endText() {
        text[count] = 0
        count += 1
    }

    /// Reserves memory. Its content belongs to an earlier request and is no longer used.
    private func reserve(_ size: Int) {
        guard size > text.count else { return }
        text.deallocate()
        text = .allocate(byteCount: max(size, text.count * 2), alignment: 1)
    }
}

import CCurl

/// A request's target and fields as libcurl reads them, in memory that is used again for the next request.
///
/// libcurl does not copy the list, so it belongs to one ``EasyHandle`` and is only rebuilt between transfers. Building the nodes here
/// saves the two allocations a field that `curl_slist_append` makes.
final class HeaderList {
    private var text: UnsafeMutableRawBufferPointer
    private let nodes = UnsafeMutablePointer<curl_slist>.allocate(capacity: HeaderList.maximumLines)

    /// The caller's fields and the names libcurl is told to leave out.
    private static let maximumLines = TransportLimits.requestFields + 3

    /// Lines that tell libcurl to leave out what it adds of its own accord: `Accept`, `Content-Type` with a body, `Expect`. Each is a C text.
    private static let suppression: StaticString = "Accept:\0Content-Type:\0Expect:\0"
    private static let acceptStart = 0
    private static let contentTypeStart = 8
    private static let expectStart = 22

    init() {
        text = .allocate(byteCount: 2048, alignment: 1)
    }

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    /// The list's first node. It always exists, since `Expect` is always suppressed.
    var head: UnsafeMutablePointer<curl_slist> { nodes }

    /// Replaces the list by these fields, in order, followed by what suppresses libcurl's own, and gives the target as a C text.
    func rebuild(target: [UInt8], fields: OutboundFields) throws(TransportError) -> UnsafePointer<CChar> {
        if let fault = fields.fault { throw .invalidRequest(fault) }
        let suppression = UnsafeRawBufferPointer(start: Self.suppression.utf8Start, count: Self.suppression.utf8CodeUnitCount)
        let suppressionStart = fields.bytes.count
        let targetStart = suppressionStart + suppression.count
        reserve(targetStart + target.count + 1)
        fields.bytes.withUnsafeBytes { place($0, at: 0) }
        place(suppression, at: suppressionStart)
        target.withUnsafeBytes { place($0, at: targetStart) }
        text[targetStart + target.count] = 0

        var count = 0
        for entry in fields.entries { link(Int(entry.start), count: &count) }
        if !fields.contains("accept") { link(suppressionStart + Self.acceptStart, count: &count) }
        if !fields.contains("content-type") { link(suppressionStart + Self.contentTypeStart, count: &count) }
        link(suppressionStart + Self.expectStart, count: &count)
        nodes[count - 1].next = nil
        return address(targetStart)
    }

    private func link(_ start: Int, count: inout Int) {
        precondition(count < Self.maximumLines, "fields were counted when they were appended")
        (nodes + count).initialize(to: curl_slist(data: UnsafeMutablePointer(mutating: address(start)), next: nodes + count + 1))
        count += 1
    }

    private func address(_ start: Int) -> UnsafePointer<CChar> {
        guard let base = text.baseAddress else { preconditionFailure("the text is never empty") }
        return UnsafePointer((base + start).assumingMemoryBound(to: CChar.self))
    }

    private func place(_ bytes: UnsafeRawBufferPointer, at start: Int) {
        UnsafeMutableRawBufferPointer(rebasing: text[start..<start + bytes.count]).copyMemory(from: bytes)
    }

    /// Makes room. What stood there is of an earlier request, and nobody reads it any more.
    private func reserve(_ count: Int) {
        guard count > text.count else { return }
        text.deallocate()
        text = .allocate(byteCount: max(count, text.count * 2), alignment: 1)
    }
}

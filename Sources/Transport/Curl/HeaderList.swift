import CCurl

/// A request's fields as the linked list libcurl reads, in memory that is used again for the next request.
///
/// libcurl does not copy the list, so it belongs to one ``EasyHandle`` and is only rebuilt between transfers. Building the nodes here
/// saves the two allocations a field that `curl_slist_append` makes.
final class HeaderList {
    private var text: UnsafeMutableRawBufferPointer
    private var textCount = 0
    private let nodes = UnsafeMutablePointer<curl_slist>.allocate(capacity: HeaderList.maximumLines)
    private var lineStarts: [Int] = []

    /// The caller's fields and the names libcurl is told to leave out.
    private static let maximumLines = TransportLimits.requestFields + suppressed.count

    /// Fields libcurl adds of its own accord unless the list has them, or has their bare names.
    private static let suppressed: [StaticString] = ["Accept", "Content-Type", "Expect"]

    /// Fields that decide framing or the connection: they are this layer's to send, and a second opinion would be smuggling.
    private static let reserved = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade", "http2-settings", "te",
        "trailer", "expect",
    ]

    init() {
        text = .allocate(byteCount: 2048, alignment: 1)
        lineStarts.reserveCapacity(32)
    }

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    /// The list's first node. It always exists, since `Expect` is always suppressed.
    var head: UnsafeMutablePointer<curl_slist> { nodes }

    /// Replaces the list by these fields, in order, followed by what suppresses libcurl's own.
    func rebuild(from fields: [HeaderField]) throws(TransportError) {
        textCount = 0
        lineStarts.removeAll(keepingCapacity: true)
        guard fields.count <= TransportLimits.requestFields else { throw .invalidRequest(.headTooLarge) }
        var hasAccept = false
        var hasContentType = false
        for field in fields {
            try append(field)
            switch field.name.utf8.count {
            case 6 where Self.isNamed(field, "accept"): hasAccept = true
            case 12 where Self.isNamed(field, "content-type"): hasContentType = true
            default: break
            }
        }
        if !hasAccept { try suppress(Self.suppressed[0]) }
        if !hasContentType { try suppress(Self.suppressed[1]) }
        try suppress(Self.suppressed[2])
        link()
    }

    /// Writes `Name: value`, or `Name;`, which is how libcurl is asked for a field with an empty value.
    private func append(_ field: HeaderField) throws(TransportError) {
        lineStarts.append(textCount)
        var name = field.name
        var value = field.value
        let nameFault: RequestFault? = name.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            guard !bytes.isEmpty, bytes.allSatisfy(\.isTokenByte) else { return .fieldName }
            guard !Self.isReserved(bytes) else { return .reservedField }
            return write(bytes) ? nil : .headTooLarge
        }
        if let nameFault { throw .invalidRequest(nameFault) }
        let valueFault: RequestFault? = value.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes).trimmingWhiteSpace()
            guard bytes.allSatisfy(\.isFieldValueByte) else { return .fieldValue }
            let written = bytes.isEmpty ? write(";\0") : write(": ") && write(bytes) && write("\0")
            return written ? nil : .headTooLarge
        }
        if let valueFault { throw .invalidRequest(valueFault) }
    }

    private func suppress(_ name: StaticString) throws(TransportError) {
        lineStarts.append(textCount)
        guard write(name), write(":\0") else { throw .invalidRequest(.headTooLarge) }
    }

    private func link() {
        guard let base = text.baseAddress else { return }
        for (index, start) in lineStarts.enumerated() {
            let next = index + 1 < lineStarts.count ? nodes + index + 1 : nil
            (nodes + index).initialize(to: curl_slist(data: (base + start).assumingMemoryBound(to: CChar.self), next: next))
        }
    }

    private func write(_ literal: StaticString) -> Bool {
        write(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends bytes; false when the head would pass its bound.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let needed = textCount + bytes.count
        guard needed <= TransportLimits.requestHeadBytes else { return false }
        if needed > text.count { grow(to: max(needed, text.count * 2)) }
        UnsafeMutableRawBufferPointer(rebasing: text[textCount..<needed]).copyMemory(from: bytes)
        textCount = needed
        return true
    }

    private func grow(to capacity: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[..<textCount]))
        text.deallocate()
        text = larger
    }

    /// Compares without making a text of its own in lower case for each field of each request.
    private static func isNamed(_ field: HeaderField, _ lowercase: StaticString) -> Bool {
        var name = field.name
        return name.withUTF8 { bytes in
            let expected = UnsafeBufferPointer(start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount)
            return UnsafeRawBufferPointer(bytes).equalsIgnoringCase(expected)
        }
    }

    private static func isReserved(_ name: UnsafeRawBufferPointer) -> Bool {
        reserved.contains { $0.utf8.count == name.count && name.equalsIgnoringCase($0.utf8) }
    }
}
